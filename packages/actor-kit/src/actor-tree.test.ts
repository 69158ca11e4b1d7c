import { describe, expect, it } from 'vitest';
import { createActor, fromPromise, setup } from 'xstate';
import { type ActorChange, type ActorNode, ActorTree } from './actor-tree.ts';

const child = setup({ types: { events: {} as { type: 'next' } | { type: 'noise' } } }).createMachine({
  id: 'reader',
  initial: 'polling',
  states: { polling: { on: { next: 'idle', noise: {} } }, idle: { on: { next: 'ended' } }, ended: { type: 'final' } },
});

const root = setup({
  types: { events: {} as { type: 'go' } | { type: 'go.on' }, children: {} as { shard: 'reader'; work: 'work' } },
  actors: { reader: child, work: fromPromise(() => new Promise<void>(() => undefined)) },
}).createMachine({
  id: 'worker',
  initial: 'starting',
  states: {
    starting: { on: { go: 'running' } },
    running: {
      invoke: [
        { src: 'reader', id: 'shard' },
        { src: 'work', id: 'work' },
      ],
      initial: 'quiet',
      states: { quiet: { on: { 'go.on': 'busy' } }, busy: {} },
    },
  },
});

function treeOf() {
  let nowMs = 0;
  const changes: ActorChange[] = [];
  const tree = new ActorTree({ now: () => nowMs, onChange: (change) => changes.push(change) });
  const actor = createActor(root, { inspect: tree.inspect });
  return { tree, actor, changes, at: (ms: number) => (nowMs = ms) };
}

const at = (ms: number) => new Date(ms).toISOString();

describe('ActorTree', () => {
  it('has nothing before the root actor is there', () => {
    expect(new ActorTree({ now: () => 0 }).read()).toBeUndefined();
  });

  it('shows what an actor has in flight without actors', () => {
    const row = { id: 'k1', machine: 'address', state: 'calling', since: at(5), children: [] };
    const lane = setup({ types: { context: {} as { rows: () => readonly ActorNode[] } } }).createMachine({
      id: 'lane',
      context: { rows: () => [row] },
    });
    const tree = new ActorTree({ now: () => 0 });
    createActor(lane, { inspect: tree.inspect }).start();
    expect(tree.read()?.children).toEqual([row]);
  });

  it('shows each actor with its state and since when it is in it', () => {
    const { tree, actor, at: setTime } = treeOf();
    actor.start();
    setTime(1_000);
    actor.send({ type: 'go' });
    setTime(2_000);
    const shard = actor.getSnapshot().children.shard!;
    shard.send({ type: 'noise' });
    setTime(3_000);
    actor.send({ type: 'go.on' });

    expect(tree.read()).toEqual({
      ...{ id: actor.id, machine: 'worker', state: 'running.busy', since: at(3_000) },
      children: [
        { id: 'shard', machine: 'reader', state: 'polling', since: at(1_000), children: [] },
        { id: 'work', machine: 'work', state: 'active', since: at(1_000), children: [] },
      ],
    });
  });

  it('counts machines by state', () => {
    const { tree, actor } = treeOf();
    actor.start().send({ type: 'go' });
    expect(tree.countMachines()).toEqual([
      { machine: 'worker', state: 'running.quiet', count: 1 },
      { machine: 'reader', state: 'polling', count: 1 },
    ]);
  });

  it('reports a change once, and nothing for an event that changes no state', () => {
    const { actor, changes } = treeOf();
    actor.start().send({ type: 'go' });
    changes.length = 0;
    const shard = actor.getSnapshot().children.shard!;
    shard.send({ type: 'noise' });
    shard.send({ type: 'next' });
    expect(changes).toEqual([{ id: 'shard', machine: 'reader', from: 'polling', to: 'idle', event: 'next' }]);
  });
});
