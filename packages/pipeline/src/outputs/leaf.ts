import type { ComponentSettings } from '@sluice/config';
import type { ComponentContext } from '../component.ts';
import type { Deliver } from '../delivery.ts';
import { type Write, writing } from '../stages/writing.ts';
import { counted } from './counted.ts';

interface LeafOptions {
  /** Batches written at the same time. @default 1 */
  readonly maxInFlight?: number;
  /** Of the batches that are written, where that is limited. */
  readonly maxBytes?: number;
  /** It reports by itself when it has connected. @default false */
  readonly opensLater?: boolean;
}

/**
 * An output that writes by itself.
 * @param write resolves once all messages are safe; rejects with a `BatchError` where only some are, with any other error where none is
 */
export function leaf(write: Write, settings: ComponentSettings, context: ComponentContext, options: LeafOptions = {}): Deliver {
  const { maxInFlight = 1, maxBytes, opensLater = false } = options;
  const told = context.logger.child({ path: settings.path });
  if (!opensLater) context.telemetry.emit({ type: 'output.opened', output: settings.path });
  return writing(counted(write, settings, context), {
    ...{ maxInFlight, refusesFailed: context.refusesFailed, signal: context.signal },
    ...(maxBytes !== undefined && { maxBytes }),
    onFailure: (error) => told.error('output could not write', { output: settings.type, reason: error.message }),
  });
}
