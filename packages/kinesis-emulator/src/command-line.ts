import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { KinesisEmulatorOptions } from './emulator.ts';
import { CommandLineError } from './errors.ts';
import { CHAOS } from './faults/chaos.ts';
import { faultProblems } from './faults/fault-problems.ts';
import type { FaultSettings } from './faults/fault-settings.ts';
import { type ServerCertificate, selfSignedCertificate } from './http/certificate.ts';
import { MAX_SHARDS_PER_STREAM, MIB } from './limits.ts';

export const USAGE = `usage: main.ts [options]

  --port <n>              port to listen at; 0 takes a free one (4567)
  --host <address>        address to listen at (127.0.0.1)
  --stream <name:shards>  a stream to begin with; repeatable
  --data <file>           keep streams and records in this file over a restart
  --region <name>         (us-east-1)
  --account <digits>      (000000000000)
  --no-quotas             no limit per second and shard
  --state-delay-ms <n>    how long a stream stays CREATING, UPDATING or DELETING (0)
  --iterator-expiry-ms <n>  (300000)
  --on-demand-growth-ms <n>  least time between two doublings of a stream in on-demand mode (900000)
  --memory-cap-mib <n>    memory for records; above it the oldest are trimmed (1024)
  --tls-cert <file>       serve HTTPS with this certificate (PEM); needs --tls-key
  --tls-key <file>        its key; where neither file exists, both are made, for localhost
  --max-connections <n>   more are refused (4096)
  --access-key <id>       refuse every other access key; repeatable
  --faults <json>         faults by operation, as POST /__sluice/faults takes them
  --chaos                 every kind of fault at once, each now and then
  --seed <n>              determines the faults; without it a random one, which the log tells
  --tell-requests         write a JSON line to standard output for each request that was carried out

SIGUSR2 takes the endpoint away, and brings it back with its records at the next.`;

const FLAGS = {
  port: { type: 'string', default: '4567' },
  host: { type: 'string' },
  stream: { type: 'string', multiple: true },
  data: { type: 'string' },
  region: { type: 'string' },
  account: { type: 'string' },
  'no-quotas': { type: 'boolean' },
  'state-delay-ms': { type: 'string' },
  'iterator-expiry-ms': { type: 'string' },
  'on-demand-growth-ms': { type: 'string' },
  'memory-cap-mib': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'max-connections': { type: 'string' },
  'access-key': { type: 'string', multiple: true },
  faults: { type: 'string' },
  chaos: { type: 'boolean' },
  seed: { type: 'string' },
  'tell-requests': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * The options that arguments stand for, with `tellRequest` told of requests if they ask for that; `'help'` where only that was asked for.
 * @throws {CommandLineError} an argument is unknown or has a value that cannot be right
 */
export function parseCommandLine(
  args: readonly string[],
  tellRequest?: KinesisEmulatorOptions['onRequest'],
): KinesisEmulatorOptions | 'help' {
  const values = valuesOf(args);
  if (values.help) return 'help';
  const account = values.account;
  if (account !== undefined && !/^\d{12}$/.test(account)) throw new CommandLineError(`--account ${account}: expected 12 digits`);
  const memoryCapMiB = wholeNumber('memory-cap-mib', values['memory-cap-mib']);
  const options = {
    port: wholeNumber('port', values.port, 65_535),
    host: values.host,
    streams: Object.fromEntries((values.stream ?? []).map(parseStream)),
    dataFile: values.data,
    region: values.region,
    accountId: account,
    quotas: values['no-quotas'] ? false : undefined,
    stateDelayMs: wholeNumber('state-delay-ms', values['state-delay-ms']),
    iteratorExpiryMs: wholeNumber('iterator-expiry-ms', values['iterator-expiry-ms']),
    onDemandGrowthMs: wholeNumber('on-demand-growth-ms', values['on-demand-growth-ms']),
    memoryCapBytes: memoryCapMiB === undefined ? undefined : memoryCapMiB * MIB,
    tls: certificateOf(values['tls-cert'], values['tls-key']),
    maxConnections: wholeNumber('max-connections', values['max-connections']),
    acceptedAccessKeyIds: values['access-key'],
    faults: faultsOf(values),
    seed: wholeNumber('seed', values.seed),
    onRequest: values['tell-requests'] ? tellRequest : undefined,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values;
  } catch (cause) {
    throw new CommandLineError((cause as Error).message);
  }
}

function wholeNumber(flag: string, text: string | undefined, max = Number.MAX_SAFE_INTEGER): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text) || Number(text) > max) throw new CommandLineError(`--${flag} ${text}: expected a whole number up to ${max}`);
  return Number(text);
}

function parseStream(text: string): [string, number] {
  const [, name, shards] = /^([a-zA-Z0-9_.-]{1,128}):([1-9]\d*)$/.exec(text) ?? [];
  if (name === undefined || Number(shards) > MAX_SHARDS_PER_STREAM) {
    throw new CommandLineError(`--stream ${text}: expected name:shards, such as orders:4`);
  }
  return [name, Number(shards)];
}

/** The certificate in two files, which are made where neither is there. */
function certificateOf(certFile: string | undefined, keyFile: string | undefined): ServerCertificate | undefined {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) throw new CommandLineError('--tls-cert and --tls-key: expected both or none');
  try {
    if (!existsSync(certFile) && !existsSync(keyFile)) {
      const made = selfSignedCertificate(Date.now());
      writeFileSync(keyFile, made.key, { mode: 0o600, flag: 'wx' });
      writeFileSync(certFile, made.cert, { flag: 'wx' });
    }
    return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  } catch (cause) {
    throw new CommandLineError(`--tls-cert, --tls-key: ${(cause as Error).message}`);
  }
}

function faultsOf({ faults, chaos }: { faults?: string | undefined; chaos?: boolean | undefined }): FaultSettings | undefined {
  if (faults !== undefined && chaos)
    throw new CommandLineError('--chaos and --faults: give one of them; --chaos is a set of faults itself');
  if (chaos) return CHAOS;
  return faults === undefined ? undefined : parseFaults(faults);
}

function parseFaults(text: string): FaultSettings {
  let settings: unknown;
  try {
    settings = JSON.parse(text);
  } catch (cause) {
    throw new CommandLineError(`--faults: ${(cause as Error).message}`);
  }
  const problems = faultProblems(settings);
  if (problems.length > 0) throw new CommandLineError(`--faults: ${problems.join('; ')}`);
  return settings as FaultSettings;
}
