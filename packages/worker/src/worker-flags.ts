import type { LogLevel } from '@sluice/core';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** The flags that say what the configuration is. A flag wins over the environment, which wins over the files. */
export interface ConfigFlags {
  readonly config: readonly string[];
  readonly envFile: readonly string[];
  readonly set: readonly string[];
  readonly strict?: true;
  readonly chilled?: true;
  readonly redisUrl?: string;
  readonly allowVolatile?: true;
  readonly logLevel?: LogLevel;
}

/** The flags that every worker takes. */
export interface WorkerFlags extends ConfigFlags {
  readonly workerId?: string;
  readonly operationsPort?: number;
  readonly inspect?: true;
}

const repeat = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export function addConfigFlags(command: Command): Command {
  return command
    .option('-c, --config <file>', 'a configuration in either language, or our own settings; may be repeated', repeat, [])
    .option('-e, --env-file <file>', 'variables for ${NAME} in the files; may be repeated', repeat, [])
    .option('-s, --set <path=value>', 'overrides one field, as in output.aws_kinesis.stream=orders; may be repeated', repeat, [])
    .option('--strict', 'refuse what is only warned about otherwise')
    .option('--chilled', 'start in spite of fields that a Benthos file should not have')
    .option('--redis-url <url>', 'where Redis is, such as redis://host:6379 or rediss://:password@host:6379')
    .option('--allow-volatile', 'accept a Redis without persistence; what it forgets is lost')
    .addOption(new Option('--log-level <level>', 'least important lines to write').choices(['debug', 'info', 'warn', 'error']));
}

export function addWorkerFlags(command: Command): Command {
  return addConfigFlags(command)
    .option('--worker-id <name>', 'the name of this worker in leases, logs and metrics')
    .option('--operations-port <port>', 'serve /ping, /ready, /actors and /metrics there; 0 for any free port', portNumber)
    .option('--inspect', 'log each change of state of an actor');
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('expected a port number from 0 to 65535.');
  return port;
}
