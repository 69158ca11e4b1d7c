import { transitionTable, unreachableStates } from '@sluice/actor-kit/testing';
import type { Checkpoint } from '@sluice/lease';
import { describe, expect, it } from 'vitest';
import { transition } from 'xstate';
import { shardReaderMachine } from './shard-reader.machine.ts';

describe('shardReaderMachine, from any state,', () => {
  it.each(['resolving', 'polling', 'dispatching', 'checkpointing', 'ending', 'idle', 'paused', 'backingOff'] as const)(
    'gives the shard up when the lease is lost while %s',
    (value) => {
      const [next] = transition(shardReaderMachine, inState(value), { type: 'lease.lost' });
      expect(next.output).toMatchObject({ reason: 'leaseLost', checkpoint });
    },
  );

  it.each(['resolving', 'polling', 'idle', 'paused', 'backingOff'] as const)('shuts down at once while %s', (value) => {
    const [next] = transition(shardReaderMachine, inState(value), { type: 'shutdown.requested' });
    expect(next.output).toMatchObject({ reason: 'shutdown', checkpoint });
  });

  it('has no state that nothing reaches', () => {
    expect(unreachableStates(shardReaderMachine)).toEqual([]);
  });

  it('keeps its transition table', () => {
    expect(transitionTable(shardReaderMachine)).toMatchInlineSnapshot(`
      "shardReader --lease.lost--> leaseLost
      shardReader --shutdown.requested--> shutdown
      resolving --xstate.done.actor--> polling
      resolving --xstate.error.actor--> recovering
      polling --xstate.done.actor--> sorting
      polling --xstate.error.actor--> recovering
      sorting --always [hasRecords]--> dispatching
      sorting --always [isShardEnd]--> ending
      sorting --always [isBehind]--> polling
      sorting --always--> idle
      dispatching --shutdown.requested--> stays
      dispatching --xstate.done.actor [isShardEnd]--> ending
      dispatching --xstate.done.actor--> checkpointing
      dispatching --xstate.error.actor--> recovering
      checkpointing --shutdown.requested--> stays
      checkpointing --xstate.done.actor [isStored]--> advancing
      checkpointing --xstate.done.actor--> rewinding
      checkpointing --xstate.error.actor--> recovering
      ending --shutdown.requested--> stays
      ending --xstate.done.actor [isStored]--> shardEnd
      ending --xstate.done.actor--> rewinding
      ending --xstate.error.actor--> recovering
      advancing --always [isStopping]--> shutdown
      advancing --always--> polling
      rewinding --always [isStopping]--> shutdown
      rewinding --always--> resolving
      idle --xstate.after.idleInterval--> polling
      paused --xstate.after.pauseInterval--> dispatching
      recovering --always [isStopping]--> shutdown
      recovering --always [isLeaseLost]--> leaseLost
      recovering --always [isQueueFull]--> paused
      recovering --always [isShardExpired]--> ending
      recovering --always [isFirstExpiry]--> resolving
      recovering --always [canAskAgain]--> backingOff
      recovering --always [canStartAgain]--> backingOff
      recovering --always--> failed
      backingOff --xstate.after.backoff [hasIterator]--> polling
      backingOff --xstate.after.backoff--> resolving"
    `);
  });
});

const checkpoint: Checkpoint = { kind: 'AFTER', position: { sequenceNumber: '41', subSequenceNumber: 0 } };

const inState = (value: 'resolving' | 'polling' | 'dispatching' | 'checkpointing' | 'ending' | 'idle' | 'paused' | 'backingOff') =>
  shardReaderMachine.resolveState({
    value,
    context: {
      ...{ shardId: 'shard-0', checkpoint, random: () => 0.5, iterator: 'iterator', page: undefined },
      ...{ isResuming: false, emptyPages: 0, attempt: 0, error: undefined, isStopping: false },
    },
  });
