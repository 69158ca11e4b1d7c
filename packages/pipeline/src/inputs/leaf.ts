import type { ComponentSettings } from '@sluice/config';
import { type ComponentContext, optionsOf } from '../component.ts';
import type { Input } from '../delivery.ts';
import { redelivering } from '../stages/redelivering.ts';
import { counted } from './counted.ts';

interface LeafOptions {
  /** What is refused is delivered again. @default what `auto_replay_nacks` says */
  readonly replays?: boolean;
}

/** An input that reads a source itself: its messages are counted, and delivered again where `auto_replay_nacks` says so. */
export function leaf(read: Input, settings: ComponentSettings, context: ComponentContext, options: LeafOptions = {}): Input {
  const { outstanding, clock, signal, logger, telemetry } = context;
  const { auto_replay_nacks: isSet = true } = optionsOf<{ readonly auto_replay_nacks?: boolean }>(settings);
  const { replays = isSet } = options;
  const counting: Input = (deliver, stop) => read(counted(deliver, settings, context), stop);
  const redelivered = redelivering(counting, {
    ...{ replays, outstanding, clock, signal },
    onDropped: (error) =>
      logger.warn('message dropped: it was refused and is not delivered again', { path: settings.path, reason: error.message }),
  });
  telemetry.startAtZero({ input: settings.path });
  return (deliver, stop) => {
    telemetry.emit({ type: 'input.opened', input: settings.path });
    return redelivered(deliver, stop);
  };
}
