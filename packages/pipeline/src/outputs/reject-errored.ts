import type { ComponentSettings } from '@sluice/config';
import { type BuildOutput, optionsOf } from '../component.ts';
import { withoutFailed } from '../stages/without-failed.ts';

/** `reject_errored`: refuses messages whose processing failed; the others go on. */
export const rejectErrored: BuildOutput = (settings, context) => {
  const output = context.output(optionsOf<ComponentSettings>(settings));
  return async (delivery) => {
    const sound = withoutFailed(delivery, 'rejecting due to failed processing');
    if (sound) await output(sound);
  };
};
