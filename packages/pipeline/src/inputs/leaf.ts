import type { ComponentSettings } from '@sluice/config';
import { type ComponentContext, optionsOf } from '../component.ts';
import type { Input } from '../delivery.ts';
import { redelivering } from '../stages/redelivering.ts';

/** An input that reads a source itself: its messages are counted, and delivered again where `auto_replay_nacks` says so. */
export function leaf(read: Input, settings: ComponentSettings, { outstanding, clock, signal, logger }: ComponentContext): Input {
  const { auto_replay_nacks: replays = true } = optionsOf<{ readonly auto_replay_nacks?: boolean }>(settings);
  return redelivering(read, {
    ...{ replays, outstanding, clock, signal },
    onDropped: (error) =>
      logger.warn('message dropped: it was refused and is not delivered again', { path: settings.path, reason: error.message }),
  });
}
