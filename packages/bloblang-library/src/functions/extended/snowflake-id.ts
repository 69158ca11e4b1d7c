import { defineFunction } from '@sluice/bloblang';
import { BloblangError } from '@sluice/values';

/** 2010-11-04T01:42:54.657Z, from which the time counts. */
const EPOCH = 1288834974657;
const NODE_BITS = 10n;
const STEP_BITS = 12n;
const MAX_STEP = 2 ** Number(STEP_BITS) - 1;

/** When a node gave its last number, and how many it gave in that millisecond before. */
interface NodeState {
  time: number;
  step: number;
}

/** One for each node, whatever number of mappings asks for it, so that no two of a process get the same number. */
const nodes = new Map<bigint, NodeState>();

function stateOf(node: bigint): NodeState {
  const state = nodes.get(node) ?? { time: 0, step: 0 };
  nodes.set(node, state);
  return state;
}

/** Moves on to a time and step that were not given yet. A clock that goes back is waited for by counting on. */
function advance(state: NodeState): void {
  const now = Date.now() - EPOCH;
  if (now > state.time) {
    state.time = now;
    state.step = 0;
  } else if (state.step < MAX_STEP) {
    state.step++;
  } else {
    state.time++;
    state.step = 0;
  }
}

export const snowflakeId = defineFunction('snowflake_id', {
  category: 'General',
  status: 'stable',
  isPlugin: true,
  description: 'A new snowflake ID as decimal digits: milliseconds, the number of a node and a counter. Later ones are larger.',
  parameters: [
    { name: 'node_id', type: 'integer', default: 1n, description: 'The number of the node, 0 to 1023; give each process its own.' },
  ],
  examples: [{ mapping: 'root.id = snowflake_id()' }, { mapping: 'root.id = snowflake_id(2)' }],
  prepare: ([node]) => {
    if (node < 0n || node > 1023n) throw new BloblangError('Node number must be between 0 and 1023');
    const state = stateOf(node);
    return () => {
      advance(state);
      return String((BigInt(state.time) << (NODE_BITS + STEP_BITS)) | (node << STEP_BITS) | BigInt(state.step));
    };
  },
});
