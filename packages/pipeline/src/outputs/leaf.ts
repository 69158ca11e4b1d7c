import type { ComponentSettings } from '@sluice/config';
import type { ComponentContext } from '../component.ts';
import type { Deliver } from '../delivery.ts';
import { type Write, writing } from '../stages/writing.ts';

/**
 * An output that writes by itself.
 * @param write resolves once all messages are safe; rejects with a `BatchError` where only some are, with any other error where none is
 */
export function leaf(write: Write, settings: ComponentSettings, { refusesFailed, logger }: ComponentContext, maxInFlight = 1): Deliver {
  const told = logger.child({ path: settings.path });
  return writing(write, {
    ...{ maxInFlight, refusesFailed },
    onFailure: (error) => told.error('output could not write', { output: settings.type, reason: error.message }),
  });
}
