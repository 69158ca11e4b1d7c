import type { ComponentSettings } from '@sluice/config';
import type { ComponentContext } from '../component.ts';
import type { Deliver } from '../delivery.ts';
import { failuresIn } from '../errors.ts';
import type { Write } from '../stages/writing.ts';

/** Counts what an output writes and fails to write. */
export function counted(write: Write, settings: ComponentSettings, context: ComponentContext): Write {
  const count = counterOf(settings, context);
  return async (messages, respond) => {
    const startedMs = context.clock.monotonic();
    try {
      await write(messages, respond);
    } catch (error) {
      count(messages.length, startedMs, error as Error);
      throw error;
    }
    count(messages.length, startedMs);
  };
}

/** The same of an output that settles by itself. */
export function countedDelivery(deliver: Deliver, settings: ComponentSettings, context: ComponentContext): Deliver {
  context.telemetry.emit({ type: 'output.opened', output: settings.path });
  const count = counterOf(settings, context);
  return (delivery) => {
    const startedMs = context.clock.monotonic();
    return deliver({
      ...delivery,
      settle: (failure) => {
        count(delivery.messages.length, startedMs, failure);
        delivery.settle(failure);
      },
    });
  };
}

function counterOf({ path: output }: ComponentSettings, { telemetry, clock }: ComponentContext) {
  telemetry.startAtZero({ output });
  return (size: number, startedMs: number, failure?: Error): void => {
    if (failure) {
      telemetry.emit({ type: 'output.wrotePart', output, written: size - failuresIn(failure, size).size });
      telemetry.emit({ type: 'output.failed', output });
    } else telemetry.emit({ type: 'output.wrote', output, written: size, seconds: (clock.monotonic() - startedMs) / 1_000 });
  };
}
