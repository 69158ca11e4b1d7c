import { SluiceError } from '@sluice/core';
import { type FunctionAddress, functionTypeOf } from '@sluice/function-protocol';

/** Thrown when a function goes on asking for states that were sent to it. Its address is parked. */
export class StatesUnresolvedError extends SluiceError {
  readonly code = 'FUNCTION_STATES_UNRESOLVED';
  readonly disposition = 'retry';

  constructor(address: FunctionAddress, states: readonly string[]) {
    const type = functionTypeOf(address);
    super(
      `expected function ${type} to work with its states, but it goes on asking for ${states.length === 0 ? 'none' : states.join(', ')}, which it was sent; look at its SDK and its state names`,
      { details: { function: type, states } },
    );
  }
}

/** Why what was open of a lane has ended: the lane is given up, or taken over anew. */
export class LaneClosedError extends SluiceError {
  readonly code = 'LANE_CLOSED';
  readonly disposition = 'retry';

  constructor() {
    super('the request was given up with its lane; its messages are called again by the next owner');
  }
}
