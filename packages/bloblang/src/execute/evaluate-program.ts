import type { Value } from '@sluice/values';
import type { CompiledProgram } from '../compile/statements.ts';
import { Context, type Message, newFrame } from '../query/context.ts';
import { MessageExecution } from './message-execution.ts';

const NO_BATCH: readonly Message[] = [];

/** A run without a message: there is no metadata, and no document but the given `this`. */
class ValueExecution extends MessageExecution {
  constructor() {
    super(NO_BATCH, 0);
  }

  override outputMetadata(): null {
    return null;
  }
}

/** Runs a program on a value that is no message, and gives back its root. Throws `BloblangError`. */
export function evaluateProgram({ main, maps }: CompiledProgram, value: Value): Value {
  const context = new Context(new ValueExecution(), newFrame(maps, null, undefined, 0), 0);
  return main.run(context.withValue(value));
}
