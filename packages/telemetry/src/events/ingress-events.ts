/** What an ingress reports, without the `ingress` and `stream` that {@link bindStream} adds. Never a payload, a key or a secret. */
export type IngressEvent =
  | (OfShard & {
      readonly type: 'page.read';
      /** Data bytes of the page. */
      readonly bytes: number;
      /** How far the page is behind the tip of its shard. */
      readonly lagSeconds: number;
    })
  /** User records were taken from a page, aggregates unpacked. */
  | (OfShard & { readonly type: 'records.read'; readonly records: number })
  /** Records that cannot be unpacked became dead letters, or were dropped, as the user wants it. */
  | (OfShard & {
      readonly type: 'records.refused';
      readonly records: number;
      readonly action: 'dead_letter' | 'drop';
      /** What is wrong with the first of them. */
      readonly reason: string;
    })
  /** `target`: ids of the egresses, comma-separated. */
  | (OfShard & {
      readonly type: 'page.enqueued';
      readonly target: string;
      readonly records: number;
      /** From taking the records from their page until they are in Redis. */
      readonly seconds?: number;
    })
  | (OfShard & { readonly type: 'checkpoint.moved'; readonly checkpoint: string })
  | (OfShard & { readonly type: 'checkpoint.rewound'; readonly checkpoint: string })
  /** What follows the checkpoint has left the stream's retention. */
  | (OfShard & { readonly type: 'records.expired'; readonly checkpoint: string })
  | (OfShard & { readonly type: 'reader.started' })
  | (OfShard &
      Partial<Failure> & {
        readonly type: 'reader.ended';
        readonly reason: 'shardEnd' | 'leaseLost' | 'shutdown' | 'failed';
        readonly checkpoint: string;
      })
  /** The shard pushes its records. */
  | (OfShard & { readonly type: 'shard.subscribed' })
  /** The shard is polled until it is tried again to subscribe. */
  | (OfShard & Failure & { readonly type: 'shard.unsubscribed'; readonly pauseSeconds: number })
  /** A target is above its high-water mark. */
  | (OfShard & { readonly type: 'reader.paused'; readonly lagSeconds: number })
  /** The `check` of the input's batch policy failed, which counts as false. */
  | (OfShard & { readonly type: 'batchCheck.failed'; readonly reason: string })
  | (OfShard &
      Failure & {
        readonly type: 'read.failed';
        readonly attempt: number;
        /** How far the reader is behind by now. It grows while reads fail. */
        readonly lagSeconds: number;
      })
  /** So many ingresses poll the stream, this one included. */
  | { readonly type: 'stream.shared'; readonly readers: number }
  | { readonly type: 'stream.opened'; readonly arn: string; readonly openShards: number }
  | (Failure & { readonly type: 'stream.failed'; readonly attempt: number })
  /** The rows of the shard table are in line with the shards that the stream lists. */
  | { readonly type: 'shards.reconciled'; readonly shards: number; readonly created: number; readonly pruned: number }
  /** `ranges`: hash key ranges as `start-end`, comma-separated. */
  | { readonly type: 'shards.uncovered'; readonly ranges: string };

/** Labels that every event of an ingress carries. */
export type OfStream = { readonly ingress: string; readonly stream: string };

type OfShard = { readonly shard: string };

type Failure = { readonly code: string; readonly error: string };
