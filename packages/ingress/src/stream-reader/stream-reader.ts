import type { Clock } from '@sluice/core';
import type { KinesisSource, StreamDescription } from '@sluice/kinesis';
import { type Checkpoint, type Lease, parseCheckpoint, type ShardTable } from '@sluice/lease';
import { createActor, fromCallback, fromPromise } from 'xstate';
import type { ShardReaderEmitted, ShardReaderOutput } from '../shard-reader/shard-reader.machine.ts';
import { createShardReader, type ShardReaderPorts } from '../shard-reader/shard-reader.ts';
import { assertClosed } from './assert-closed.ts';
import { explainRefusal } from './explain-refusal.ts';
import { type ReconcileOutput, reconcileShards } from './reconcile-shards.ts';
import { type ShardReaderCommand, type ShardReaderTask, streamReaderMachine } from './stream-reader.machine.ts';

/** What a stream reader needs from the outside world. */
export interface StreamReaderPorts {
  readonly kinesis: Pick<KinesisSource, 'describeStream' | 'listShards'>;
  readonly table: ShardTable;
  readonly leases: {
    /** Gives a lease back. Never rejects. */
    release(lease: Lease, options: { readonly successor?: string; readonly cooldownMs?: number }): Promise<void>;
  };
  /** The pages of a shard, under a lease of it; disposed of when its reader has ended. */
  openPages(task: ShardReaderTask): ShardReaderPorts['pages'] & Disposable;
  /** Where the records of a shard go, under a lease of it. */
  openQueue(task: ShardReaderTask): ShardReaderPorts['queue'];
  tell(shardId: string, event: ShardReaderEmitted): void;
  readonly clock: Clock;
  readonly random: () => number;
}

export interface StreamReaderOptions {
  readonly stream: string;
  readonly shardIds: readonly string[] | undefined;
}

/** How long this worker leaves a shard alone on which its reader failed. */
const COOLDOWN_MS = 5_000;

/** The stream reader with its effects in place. */
export const createStreamReader = (ports: StreamReaderPorts, { stream, shardIds }: StreamReaderOptions) =>
  streamReaderMachine.provide({
    actors: {
      describeStream: fromPromise<StreamDescription, { stream: string }>(({ input, signal }) =>
        ports.kinesis.describeStream(input.stream, signal),
      ),
      reconcileShards: fromPromise<ReconcileOutput, { identity: StreamDescription }>(({ input, signal }) =>
        reconcileShards({ kinesis: ports.kinesis, table: ports.table, stream, shardIds }, input.identity, signal),
      ),
      shardReader: fromCallback<ShardReaderCommand, ShardReaderTask & { readonly readerId: string }>(({ input, sendBack, receive }) => {
        const { readerId, shardId, lease } = input;
        let successor: string | undefined;
        const reader = runShardReader(ports, stream, input, async (output) => {
          const cooldownMs = output.reason === 'failed' ? COOLDOWN_MS : 0;
          await ports.leases.release(lease, { cooldownMs, ...(successor && { successor }) });
          sendBack({ type: 'reader.ended', readerId, shardId, output });
        });
        receive((command) => {
          if (command.type === 'shutdown.requested') successor = command.successor;
          // A reader that has ended is not told any more, while its lease is still being given back.
          if (reader?.getSnapshot().status === 'active') reader.send({ type: command.type });
        });
        return () => reader?.stop();
      }),
    },
  });

/** Runs a shard's reader under a lease and tells once how it ended, also where it could not even begin; then it answers nothing. */
function runShardReader(
  ports: StreamReaderPorts,
  stream: string,
  task: ShardReaderTask,
  onEnd: (output: ShardReaderOutput) => Promise<void>,
) {
  const { shardId, lease } = task;
  let checkpoint: Checkpoint = { kind: 'TRIM_HORIZON' };
  try {
    checkpoint = parseCheckpoint(lease.facts['checkpoint'] ?? '');
    const pages = ports.openPages(task);
    const machine = createShardReader({
      pages: {
        open: (from, signal) =>
          pages.open(from, signal).catch((error) => explainRefusal({ ...task, kinesis: ports.kinesis, stream }, error, signal)),
        next: (iterator, signal) => pages.next(iterator, signal),
      },
      queue: ports.openQueue(task),
      shard: {
        checkpoint: (from, to) => ports.table.checkpoint(lease, from, to),
        end: async (from, { childShards }) => {
          if (childShards.length === 0) await assertClosed(ports.kinesis, stream, shardId);
          return ports.table.end(lease, from, childShards);
        },
      },
    });
    const reader = createActor(machine, { clock: ports.clock, input: { shardId, checkpoint, random: ports.random } });
    const end = (output: ShardReaderOutput) => {
      pages[Symbol.dispose]();
      void onEnd(output);
    };
    reader.on('*', (event) => ports.tell(shardId, event));
    reader.subscribe({
      complete: () => end(reader.getSnapshot().output!),
      error: (error) => end({ reason: 'failed', checkpoint, error }),
    });
    return reader.start();
  } catch (error) {
    void onEnd({ reason: 'failed', checkpoint, error });
    return undefined;
  }
}
