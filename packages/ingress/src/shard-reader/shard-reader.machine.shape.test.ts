import { transitionTable, unreachableStates } from '@sluice/actor-kit/testing';
import type { StreamDescription } from '@sluice/kinesis';
import type { Checkpoint, Lease } from '@sluice/lease';
import { describe, expect, it } from 'vitest';
import { transition } from 'xstate';
import { shardReaderMachine } from './shard-reader.machine.ts';
import type { ShardSource } from './shard-session.ts';

describe('shardReaderMachine, from any state,', () => {
  it.each(['resolving', 'polling', 'taking', 'enqueuing', 'checkpointing', 'ending', 'idle', 'paused', 'backingOff'] as const)(
    'gives the shard up when the lease is lost while %s',
    (value) => {
      const [next] = transition(shardReaderMachine, inState(value), { type: 'lease.lost' });
      expect([next.value, next.context.reason]).toEqual(['closing', 'leaseLost']);
    },
  );

  it.each(['resolving', 'polling', 'taking', 'idle', 'paused', 'backingOff'] as const)('shuts down at once while %s', (value) => {
    const [next] = transition(shardReaderMachine, inState(value), { type: 'shutdown.requested' });
    expect([next.value, next.context.reason]).toEqual(['closing', 'shutdown']);
  });

  it('has no state that nothing reaches', () => {
    expect(unreachableStates(shardReaderMachine)).toEqual([]);
  });

  it('keeps its transition table', () => {
    expect(transitionTable(shardReaderMachine)).toMatchInlineSnapshot(`
      "shardReader --lease.lost--> closing
      shardReader --shutdown.requested--> closing
      opening --xstate.done.actor--> resolving
      opening --xstate.error.actor--> closing
      resolving --xstate.done.actor--> polling
      resolving --xstate.error.actor--> recovering
      polling --xstate.done.actor--> sorting
      polling --xstate.error.actor--> recovering
      sorting --always [hasSlice]--> enqueuing
      sorting --always [isUntaken]--> taking
      sorting --always [isShardEnd]--> ending
      sorting --always [isBehind]--> polling
      sorting --always--> idle
      taking --xstate.done.actor--> sorting
      taking --xstate.error.actor--> recovering
      enqueuing --shutdown.requested--> stays
      enqueuing --xstate.done.actor [isShardEnd]--> ending
      enqueuing --xstate.done.actor--> checkpointing
      enqueuing --xstate.error.actor--> recovering
      checkpointing --shutdown.requested--> stays
      checkpointing --xstate.done.actor [isStored]--> advancing
      checkpointing --xstate.done.actor--> rewinding
      checkpointing --xstate.error.actor--> recovering
      ending --shutdown.requested--> stays
      ending --xstate.done.actor [isStored]--> closing
      ending --xstate.done.actor--> rewinding
      ending --xstate.error.actor--> recovering
      advancing --always [isStopping]--> closing
      advancing --always [hasMore]--> taking
      advancing --always--> polling
      rewinding --always [isStopping]--> closing
      rewinding --always--> resolving
      idle --xstate.done.actor [hasNoPage]--> recovering
      idle --xstate.done.actor--> sorting
      idle --xstate.error.actor--> recovering
      paused --xstate.after.pauseInterval [hasSlice]--> enqueuing
      paused --xstate.after.pauseInterval--> ending
      recovering --always [isStopping]--> closing
      recovering --always [isLeaseLost]--> closing
      recovering --always [hasToWait]--> paused
      recovering --always [isShardExpired]--> ending
      recovering --always [isFirstExpiry]--> resolving
      recovering --always [canAskAgain]--> backingOff
      recovering --always [canStartAgain]--> backingOff
      recovering --always--> closing
      backingOff --xstate.after.backoff [hasIterator]--> polling
      backingOff --xstate.after.backoff--> resolving
      closing --lease.lost--> stays
      closing --shutdown.requested--> stays
      closing --xstate.done.actor--> ended
      closing --xstate.error.actor--> ended"
    `);
  });
});

const checkpoint: Checkpoint = { kind: 'AFTER', position: { sequenceNumber: '41', subSequenceNumber: 0 } };

type Value = 'resolving' | 'polling' | 'taking' | 'enqueuing' | 'checkpointing' | 'ending' | 'idle' | 'paused' | 'backingOff';

const inState = (value: Value) =>
  shardReaderMachine.resolveState({
    value,
    context: {
      ...{ shardId: 'shard-0', lease: {} as Lease, identity: {} as StreamDescription, source: {} as ShardSource, session: undefined },
      ...{ checkpoint, iterator: 'iterator', page: undefined, slice: undefined, isResuming: false, attempt: 0 },
      ...{ error: undefined, isStopping: false, reason: 'shutdown', successor: undefined },
    },
  });
