import { toErrorReport } from '@sluice/core';
import { listTargets, measureDeadLetters, type TargetLanes } from '@sluice/queue';
import { preflight, readFormats, unreadableBefore } from '@sluice/redis';
import { readClockSkews, readReports } from '@sluice/status';
import type { ConfiguredOperator } from '../operator/open-operator.ts';
import { deadLetterFindings } from './dead-letter-findings.ts';
import { type Finding, ok, problem, warning } from './finding.ts';
import { type Installation, installationFindings } from './installation-findings.ts';
import { redisFindings } from './redis-findings.ts';

/** What a worker checks at its start, and what it does not. */
export async function examineRedis(operator: ConfiguredOperator): Promise<Finding[]> {
  const { session, keyPrefix, config } = operator;
  const { redis, backpressure } = config.settings;
  const text = await session.run(session.epoch, (client) => client.info());
  const sentAt = Date.now();
  const [seconds, micros] = await session.run(session.epoch, (client) => client.time());
  const halfway = (sentAt + Date.now()) / 2;
  const clockAheadMs = halfway - (Number(seconds) * 1_000 + Number(micros) / 1_000);
  const targets = await listTargets(session, { keyPrefix });
  const lowWaterBytes = Math.max(1, targets.length) * backpressure.lowWaterBytes;
  return [
    await suitability(operator, redis.allowVolatile),
    ...redisFindings({ info: parseInfo(text), clockAheadMs, lowWaterBytes }),
    ...(await flushing(operator)),
    ...installationFindings(await readInstallation(operator)),
    ...(await deadLetters(operator, targets)),
  ];
}

/** Nothing where this user may not measure them. */
async function deadLetters({ session, keyPrefix, config }: ConfiguredOperator, targets: readonly TargetLanes[]): Promise<Finding[]> {
  const addresses = targets.map(({ target }) => ({ keyPrefix, target }));
  const measures = await measureDeadLetters(session, addresses).catch(() => undefined);
  if (!measures) return [];
  return deadLetterFindings(config.settings.deadLetters, new Map(targets.map(({ target }, index) => [target, measures[index]!])));
}

/** How often the append-only file reaches the disk; nothing where CONFIG is refused. */
async function flushing({ session }: ConfiguredOperator): Promise<Finding[]> {
  const answer = await session.run(session.epoch, (client) => client.config('GET', 'appendfsync')).catch(() => []);
  const [, policy] = answer as [string?, string?];
  if (policy !== 'no') return [];
  const advice = 'set appendfsync everysec: a crash of the machine loses what the kernel has not written yet, up to half a minute';
  return [warning('append-only file', 'appendfsync is no', advice)];
}

async function readInstallation({ session, keyPrefix }: ConfiguredOperator): Promise<Installation> {
  const [reports, skews, formats] = await Promise.all([
    readReports(session, { keyPrefix }),
    readClockSkews(session, { keyPrefix }),
    readFormats(session, keyPrefix),
  ]);
  const workers = reports.map(({ workerId, release }) => ({ workerId, release, aheadMs: skews.get(workerId) ?? 0 }));
  const failures = reports.flatMap(({ workerId, deadLetterOutput, egresses }) => [
    ...(deadLetterOutput ? [{ subject: 'output of dead letters', workerId, failure: deadLetterOutput }] : []),
    ...egresses.flatMap(({ egress, offloading }) =>
      offloading ? [{ subject: `too large records of ${egress}`, workerId, failure: offloading }] : [],
    ),
  ]);
  return { workers, failures, unreadableBefore: unreadableBefore(formats) };
}

async function suitability({ session }: ConfiguredOperator, allowVolatile: boolean): Promise<Finding> {
  try {
    const { version, maxmemoryPolicy, persistence } = await preflight(session, { allowVolatile });
    const found = `version ${version}, ${maxmemoryPolicy}, persistence ${persistence}`;
    return persistence === 'aof'
      ? ok('redis', found)
      : { subject: 'redis', outcome: 'warning', found, advice: 'set appendonly yes: a crash of Redis loses records otherwise' };
  } catch (error) {
    const [found = '', advice = 'see docs/operations.md, Sizing Redis'] = toErrorReport(error).message.split(/; (.*)/s);
    return problem('redis', found, advice);
  }
}

const parseInfo = (text: string): Map<string, string> =>
  new Map(
    text
      .split('\r\n')
      .flatMap((line) => (line.includes(':') ? [[line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]] : [])),
  );
