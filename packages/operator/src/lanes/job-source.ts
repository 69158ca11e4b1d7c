import type { LaneJobData } from '@sluice/queue';

/** Where the records of a job came from. */
export interface JobSource {
  readonly ingress: string;
  readonly stream: string;
  readonly shardId: string;
  /** Sequence numbers. */
  readonly first: string;
  readonly last: string;
}

/** `undefined` where no shard reader enqueued it. The lanes name a source as `sourceName` of the leases does. */
export function sourceOf({ source }: LaneJobData): JobSource | undefined {
  const [, ingress, stream] = /^(\S+) (\S+) of \S+( again \d+)?$/.exec(source?.stream ?? '') ?? [];
  if (!source || ingress === undefined || stream === undefined) return undefined;
  const numberOf = (position: string) => position.slice(0, position.indexOf('/'));
  return { ingress, stream, shardId: source.shard, first: numberOf(source.first), last: numberOf(source.last) };
}
