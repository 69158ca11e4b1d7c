import type { ComponentSettings } from '@sluice/config';
import { sleep } from '@sluice/core';
import { type BuildOutput, optionsOf } from '../component.ts';
import type { Deliver } from '../delivery.ts';
import { ComponentConfigError, failureOf, failuresIn } from '../errors.ts';

interface DropOnOptions {
  readonly error: boolean;
  readonly error_patterns: readonly string[];
  /** Milliseconds; 0: never. */
  readonly back_pressure: number;
  readonly output: ComponentSettings;
}

/** `drop_on`: drops messages that its output refuses, or has no room for in time. */
export const dropOn: BuildOutput = (settings, context) => {
  const options = optionsOf<DropOnOptions>(settings);
  const output = context.output(options.output);
  const logger = context.logger.child({ path: settings.path });
  const patterns = options.error_patterns.map((pattern) => patternOf(pattern, settings));
  const isDropped = ({ message }: Error): boolean => options.error || patterns.some((pattern) => pattern.test(message));
  const forgiving: Deliver = (delivery) =>
    output({
      ...delivery,
      settle: (failure) => {
        const failures = failuresIn(failure, delivery.messages.length);
        for (const error of failures.values())
          if (isDropped(error)) logger.warn('message dropped: it was refused', { reason: error.message });
        delivery.settle(failureOf(new Map([...failures].filter(([, error]) => !isDropped(error))), delivery.messages.length));
      },
    });
  if (options.back_pressure <= 0) return forgiving;
  let room: Promise<unknown> = Promise.resolve();
  return async (delivery) => {
    const hasRoom = await Promise.race([
      room.then(() => true),
      sleep(context.clock, options.back_pressure, context.signal).then(
        () => false,
        () => false,
      ),
    ]);
    if (hasRoom) room = forgiving(delivery);
    else {
      logger.warn('message dropped: the output had no room for it in time');
      delivery.settle();
    }
  };
};

function patternOf(pattern: string, settings: ComponentSettings): RegExp {
  try {
    return new RegExp(pattern);
  } catch (error) {
    throw new ComponentConfigError(settings, `\`error_patterns\`: ${(error as Error).message}`, error);
  }
}
