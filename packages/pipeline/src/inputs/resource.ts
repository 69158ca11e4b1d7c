import type { ComponentSettings } from '@sluice/config';
import { type BuildInput, optionsOf } from '../component.ts';

/** `resource`: the input that its label names, which may be named in several places. */
export const resource: BuildInput = (settings, context) => context.shared.input(optionsOf<ComponentSettings>(settings));
