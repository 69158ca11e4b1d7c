import { compileConfig, type RedisSettings } from '@sluice/config';
import { silentLogger, sleep, systemClock } from '@sluice/core';
import { listSources } from '@sluice/lease';
import { listTargets } from '@sluice/queue';
import { connectRedis } from '@sluice/redis';
import { readReports } from '@sluice/status';
import { findInstallation, redisSettingsOf } from '@sluice/worker';

/** Longer than this nobody waits for a proposal, milliseconds. */
const PATIENCE_MS = 300;

export const NAME_KINDS = ['ingress', 'target', 'function', 'worker', 'any-name'] as const;
export type NameKind = (typeof NAME_KINDS)[number];

/** The names of a kind that the installation knows, which the environment or a running `sluice up` leads to; none where Redis does not answer at once. */
export async function installedNames(kind: NameKind, env: NodeJS.ProcessEnv): Promise<string[]> {
  const installation = env['SLUICE_REDIS_URL'] === undefined ? findInstallation(env) : undefined;
  const { redis } = compileConfig([], { env: { ...env, ...installation?.env } }).config.settings;
  const timeout = sleep(systemClock, PATIENCE_MS).then(() => []);
  return Promise.race([namesOf(kind, redis).catch(() => []), timeout]);
}

async function namesOf(kind: NameKind, redis: RedisSettings): Promise<string[]> {
  const options = { logger: silentLogger, clock: systemClock, giveUpAfterMs: PATIENCE_MS };
  await using session = await connectRedis(await redisSettingsOf(redis), options);
  const { prefix: keyPrefix } = redis;
  if (kind === 'worker') return (await readReports(session, { keyPrefix })).map(({ workerId }) => workerId).sort();
  const targets = async () => (await listTargets(session, { keyPrefix })).map(({ target }) => target);
  const ingresses = async () => [...new Set((await listSources(session, keyPrefix)).map(ingressOf))].sort();
  if (kind === 'ingress') return ingresses();
  if (kind === 'any-name') return [...(await ingresses()), ...(await targets())];
  return targets();
}

/** A source is `INGRESS/STREAM`, and an ingress may have a slash in its name. */
const ingressOf = (source: string): string => source.slice(0, source.lastIndexOf('/'));
