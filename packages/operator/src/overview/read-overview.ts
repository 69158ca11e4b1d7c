/**
 * The whole installation as one value, from Redis and from what workers report. A few round trips, each of few commands, whatever the number
 * of shards and lanes, and no look at all keys.
 */
import { RELEASE } from '@sluice/core';
import { listSources, type ShardSurvey, surveyShards } from '@sluice/lease';
import { countDeadLetters, type LaneSurvey, listTargets, readDelayed, surveyLanes } from '@sluice/queue';
import { type RedisSession, readerGroupKey, writerGroupKey } from '@sluice/redis';
import { noteWatched, type Overview, type RedisOverview, readReports, type WorkerReport } from '@sluice/status';
import type { Operator } from '../operator.ts';
import { readPauses } from './read-pauses.ts';
import { splitSource } from './split-source.ts';
import { toStreamOverview } from './stream-overview.ts';
import { toTargetOverview } from './target-overview.ts';

/** Makes workers report each second, too, for the next 15 seconds. */
export async function readOverview({ session, keyPrefix }: Operator): Promise<Overview> {
  const [redis, sources, targets, delayed, reports] = await Promise.all([
    readRedis(session),
    listSources(session, keyPrefix),
    listTargets(session, { keyPrefix }),
    readDelayed(session, { keyPrefix }),
    readReports(session, { keyPrefix }),
    // A user of Redis that may only read gets reports every five seconds.
    noteWatched(session, { keyPrefix }).catch(() => undefined),
  ]);
  const places = sources.map((source) => ({ source, ...splitSource(source) }));
  const groups = [
    ...places.map(({ ingress }) => readerGroupKey(keyPrefix, ingress)),
    ...targets.map(({ target }) => writerGroupKey(keyPrefix, target)),
  ];
  const [shards, lanes, deadLetters, pauses] = await Promise.all([
    Promise.all(places.map(({ source }) => surveyShards(session, keyPrefix, source))),
    Promise.all(targets.map((target) => surveyLanes(session, { keyPrefix, ...target }))),
    Promise.all(targets.map(({ target }) => countDeadLetters(session, { keyPrefix, target }))),
    readPauses(session, groups),
  ]);
  return {
    ...redis,
    release: RELEASE,
    streams: places.flatMap((place, index) =>
      shards[index]!.length === 0 ? [] : [toStreamOverview({ ...place, shards: shards[index]!, paused: pauses[index]!, reports })],
    ),
    targets: targets.map(({ target, layout }, index) =>
      toTargetOverview({
        ...{ target, layout, lanes: lanes[index]!, deadLetters: deadLetters[index]!, reports },
        delayed: delayed.targets.get(target) ?? 0,
        paused: pauses[places.length + index]!,
      }),
    ),
    workers: reports.map((report) => toWorkerOverview(report, shards.flat(), lanes.flat())),
  };
}

async function readRedis(session: RedisSession): Promise<{ readonly atMs: number; readonly redis: RedisOverview }> {
  const [info, [seconds, micros]] = await session.run(session.epoch, (client) => Promise.all([client.info(), client.time()]));
  const fact = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  return {
    atMs: Math.floor(Number(seconds) * 1_000 + Number(micros) / 1_000),
    redis: {
      version: fact('redis_version') ?? 'unknown',
      usedBytes: Number(fact('used_memory') ?? 0),
      maxBytes: Number(fact('maxmemory') ?? 0),
    },
  };
}

function toWorkerOverview(report: WorkerReport, shards: readonly ShardSurvey[], lanes: readonly LaneSurvey[]) {
  const { shards: _shards, routes: _routes, egresses: _egresses, functions: _functions, actors: _actors, ...worker } = report;
  const isOwn = ({ owner }: { readonly owner: string | null }) => owner === worker.workerId;
  return { ...worker, shards: shards.filter(isOwn).length, lanes: lanes.filter(isOwn).length };
}
