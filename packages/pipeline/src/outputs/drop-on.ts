import type { ComponentSettings } from '@sluice/config';
import { sleep } from '@sluice/core';
import { type BuildOutput, type ComponentContext, optionsOf } from '../component.ts';
import type { Deliver } from '../delivery.ts';
import { ComponentConfigError, failureOf, failuresIn, MessageNotSentError } from '../errors.ts';

interface DropOnOptions {
  readonly error: boolean;
  readonly error_patterns: readonly string[];
  /** Milliseconds; 0: never. */
  readonly back_pressure: number;
  readonly output: ComponentSettings;
}

/** `drop_on`: drops messages that its output refuses. With `back_pressure`, what the output does not take in time counts as refused. */
export const dropOn: BuildOutput = (settings, context) => {
  const { error: dropsAll, error_patterns, back_pressure: limitMs, output: inner } = optionsOf<DropOnOptions>(settings);
  const output = context.output(inner);
  const logger = context.logger.child({ path: settings.path });
  const patterns = error_patterns.map((pattern) => patternOf(pattern, settings));
  const isDropped = ({ message }: Error): boolean => dropsAll || patterns.some((pattern) => pattern.test(message));
  const patient = limitMs > 0 ? inTime(output, limitMs, context) : output;
  return (delivery) =>
    patient({
      ...delivery,
      settle: (failure) => {
        const failures = failuresIn(failure, delivery.messages.length);
        for (const error of failures.values())
          if (isDropped(error)) logger.warn('message dropped: it was refused', { reason: error.message });
        delivery.settle(failureOf(new Map([...failures].filter(([, error]) => !isDropped(error))), delivery.messages.length));
      },
    });
};

/**
 * `output` with a limit to what a batch may take until it is written, one batch after the other. One that takes longer is refused, and so is
 * what follows, at once, until the output has room again. What it makes of a refused batch later is not told to anyone.
 */
function inTime(output: Deliver, limitMs: number, { clock, signal }: ComponentContext): Deliver {
  let room: Promise<unknown> = Promise.resolve();
  let hasRoom = true;
  let isLate = false;
  return async (delivery) => {
    const over = new AbortController();
    const limit = sleep(clock, limitMs, AbortSignal.any([signal, over.signal])).then(
      () => false,
      () => false,
    );
    const refuse = () => {
      isLate = true;
      delivery.settle(new MessageNotSentError(`experienced back pressure beyond: ${limitMs}ms`));
    };
    const write = async (): Promise<void> => {
      const { promise: written, resolve } = Promise.withResolvers<true>();
      let isOpen = true;
      hasRoom = false;
      const settle = (failure?: Error) => {
        if (isOpen) delivery.settle(failure);
        isOpen = false;
        resolve(true);
      };
      room = output({ ...delivery, settle }).finally(() => {
        hasRoom = true;
      });
      if (await Promise.race([written, limit])) return;
      isOpen = false;
      refuse();
    };
    const isTaken = isLate ? hasRoom : await Promise.race([room.then(() => true), limit]);
    isLate = !isTaken;
    if (isTaken) await write();
    else refuse();
    over.abort();
  };
}

function patternOf(pattern: string, settings: ComponentSettings): RegExp {
  try {
    return new RegExp(pattern);
  } catch (error) {
    throw new ComponentConfigError(settings, `\`error_patterns\`: ${(error as Error).message}`, error);
  }
}
