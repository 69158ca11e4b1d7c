import { transitionTable, unreachableStates } from '@sluice/actor-kit/testing';
import { KinesisUnavailableError } from '@sluice/kinesis';
import { describe, expect, it } from 'vitest';
import { assign, createActor, SimulatedClock, setup } from 'xstate';
import type { WriterHealth } from './record-writer.ts';
import { type WriterNotice, writerMachine } from './writer.machine.ts';

const UNREACHABLE = new KinesisUnavailableError('connect ECONNREFUSED', { stream: 'out' }, undefined);

describe('writerMachine', () => {
  it('reports only a failure that lasts, and that it is over', () => {
    const { clock, report, notices } = writerOf();
    report({ type: 'requests.failing', error: UNREACHABLE });
    clock.increment(29_999);
    report({ type: 'requests.answered' });
    clock.increment(60_000);
    expect(notices()).toEqual([]);

    report({ type: 'requests.failing', error: UNREACHABLE });
    clock.increment(30_000);
    expect(notices()).toEqual([{ type: 'writer.failing', error: UNREACHABLE }]);
    report({ type: 'requests.answered' });
    expect(notices().at(-1)).toEqual({ type: 'writer.recovered' });
  });

  it('reports a bug at once', () => {
    const { report, notices } = writerOf();
    const error = new TypeError('bug');
    report({ type: 'requests.broken', error });
    expect(notices()).toEqual([{ type: 'writer.failed', error }]);
  });

  it('has no state that nothing reaches', () => {
    expect(unreachableStates(writerMachine)).toEqual([]);
  });

  it('keeps its transition table', () => {
    expect(transitionTable(writerMachine)).toMatchInlineSnapshot(`
      "writer --requests.broken--> stays
      writer --xstate.error--> stays
      writing --requests.failing--> retrying
      retrying --requests.answered--> writing
      retrying --xstate.after.patience--> failing
      failing --requests.answered--> writing"
    `);
  });
});

/** A writer whose requests fare as the test reports, below a parent that keeps its notices. */
function writerOf() {
  const clock = new SimulatedClock();
  let report: (health: WriterHealth) => void = () => undefined;
  const writer = {
    run: (tell: (health: WriterHealth) => void) => {
      report = tell;
      return () => undefined;
    },
  };
  const parent = setup({
    types: { context: {} as { notices: readonly WriterNotice[] }, events: {} as WriterNotice },
    actors: { writer: writerMachine },
    actions: { keep: assign({ notices: ({ context, event }) => [...context.notices, event] }) },
  }).createMachine({
    context: { notices: [] },
    invoke: { src: 'writer', input: { writer } },
    on: { 'writer.failing': { actions: 'keep' }, 'writer.recovered': { actions: 'keep' }, 'writer.failed': { actions: 'keep' } },
  });
  const actor = createActor(parent, { clock }).start();
  return { clock, report: (health: WriterHealth) => report(health), notices: () => actor.getSnapshot().context.notices };
}
