import type { ComponentSettings } from '@sluice/config';
import { type BuildOutput, optionsOf } from '../component.ts';

/** `resource`: the output that its label names, which may be named in several places. */
export const resource: BuildOutput = (settings, context) => context.shared.output(optionsOf<ComponentSettings>(settings));
