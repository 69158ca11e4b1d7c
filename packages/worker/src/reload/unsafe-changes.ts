/**
 * Changes that a worker refuses to make while it runs: what is recorded in Redis, or agreed on with others, under the old value. What is not
 * listed here as safe needs a restart, so that a new setting is never taken for one that applies at once.
 */
import type { SluiceConfig } from '@sluice/config';
import { changedSettings } from './changed-settings.ts';
import { isSame } from './is-same.ts';

/** Settings that apply to a running worker, with all below them. Those of the board are none of its business; of `egresses`, the lanes are compared by themselves. */
const SAFE: readonly string[] = [
  'aggregate',
  'aggregation',
  'backpressure',
  'board',
  'dead_letters',
  'egresses',
  'functions',
  'http_ingress',
  'lease',
  'log',
  'ordering',
  'shutdown',
  'watcher',
];

/** Every change that needs a restart, in the words of the configuration; empty where all of them can be made. */
export function unsafeChanges(before: SluiceConfig, after: SluiceConfig): readonly string[] {
  const settings = changedSettings(before.settings, after.settings).filter((name) => !SAFE.includes(name.split('.')[0]!));
  return [
    ...settings.map((name) => `\`sluice.${name}\``),
    ...laneChanges(before, after),
    ...layoutChanges(before, after),
    ...renamedStreams(before, after),
    ...movedIngresses(before, after),
  ];
}

/** Senders and owners of a target agree on its lanes by what is recorded in Redis. */
const laneChanges = (before: SluiceConfig, after: SluiceConfig): string[] =>
  [...after.egresses, ...after.outputs].flatMap(({ id, lanes }) => {
    const old = [...before.egresses, ...before.outputs].find((egress) => egress.id === id);
    return old === undefined || old.lanes === lanes ? [] : [`the lanes of egress \`${id}\` (${old.lanes} → ${lanes})`];
  });

/** Whether the records of a source shard share a lane is recorded in Redis as well. */
const layoutChanges = (before: SluiceConfig, after: SluiceConfig): string[] =>
  [...after.egresses, ...after.outputs].flatMap(({ id, ordering }) => {
    const old = [...before.egresses, ...before.outputs].find((egress) => egress.id === id)?.ordering;
    const isOther = old !== undefined && (old === 'shard') !== (ordering === 'shard');
    return isOther ? [`the ordering of egress \`${id}\` (${old} → ${ordering})`] : [];
  });

/** The checkpoints of a stream belong to its ingress and to its name as it is written; under others it would be read anew. */
function renamedStreams(before: SluiceConfig, after: SluiceConfig): string[] {
  const [old, now] = [sourcesOf(before), sourcesOf(after)];
  const added = [...now].filter(([source]) => !old.has(source));
  return [...old].flatMap(([source, name]) => {
    const heir = now.has(source) ? undefined : added.find(([, other]) => other === name);
    return heir ? [`the ingress or the name of a stream that has checkpoints (\`${source}\` → \`${heir[0]}\`)`] : [];
  });
}

/** `INGRESS/STREAM` as in Redis, with the stream's name without the rest of an ARN. */
const sourcesOf = ({ ingresses }: SluiceConfig): ReadonlyMap<string, string> =>
  new Map(
    ingresses.flatMap(({ id, streams }) =>
      streams.map(({ stream }) => [`${id}/${stream}`, stream.slice(stream.lastIndexOf('/') + 1)] as const),
    ),
  );

/** Elsewhere a stream of the same name has other shards. */
const movedIngresses = (before: SluiceConfig, after: SluiceConfig): string[] =>
  after.ingresses.flatMap(({ id, aws }) => {
    const old = before.ingresses.find((ingress) => ingress.id === id);
    const isMoved = old && !isSame([old.aws.region, old.aws.endpoint], [aws.region, aws.endpoint]);
    return isMoved ? [`the region or the endpoint of ingress \`${id}\``] : [];
  });
