import type { BuildOutput } from '../component.ts';
import { leaf } from './leaf.ts';

/** `drop`: takes everything and writes nothing. */
export const drop: BuildOutput = (settings, context) => leaf(() => Promise.resolve(), settings, context);
