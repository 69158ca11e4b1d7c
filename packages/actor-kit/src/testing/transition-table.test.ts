import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { transitionTable, unreachableStates } from './transition-table.ts';

const door = createMachine({
  id: 'door',
  initial: 'open',
  states: { open: { on: { shut: 'closed' } }, closed: { on: { knock: {} } }, painted: {} },
});

describe('transitionTable', () => {
  it('writes one line a transition', () => {
    expect(transitionTable(door)).toBe('open --shut--> closed\nclosed --knock--> stays');
  });

  it('names the states that nothing reaches', () => {
    expect(unreachableStates(door)).toEqual(['door.painted']);
  });
});
