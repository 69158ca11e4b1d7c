import type { ComponentSettings } from '@sluice/config';
import type { ComponentContext } from '../component.ts';
import type { Deliver } from '../delivery.ts';

/** Counts what an input delivers, and how long it takes until that is settled for good. */
export const counted =
  (deliver: Deliver, { path: input }: ComponentSettings, { telemetry, clock }: ComponentContext): Deliver =>
  (delivery) => {
    const startedMs = clock.monotonic();
    telemetry.emit({ type: 'input.received', input, records: delivery.messages.length });
    return deliver({
      ...delivery,
      settle: (failure) => {
        telemetry.emit({ type: 'input.settled', input, seconds: (clock.monotonic() - startedMs) / 1_000 });
        delivery.settle(failure);
      },
    });
  };
