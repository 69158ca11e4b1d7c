/**
 * A stream as the lanes' replay filter knows it. Two ingresses are independent readers of a stream, and a stream that was deleted
 * and created again numbers its shards and leases anew: in either case the same shard and token stand for other records.
 */
export const sourceName = (ingressId: string, stream: string, createdAtMs: number): string =>
  `${ingressId} ${stream} of ${new Date(createdAtMs).toISOString()}`;
