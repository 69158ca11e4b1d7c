import type { ComponentSettings } from '@sluice/config';
import { type ComponentContext, optionsOf } from '../component.ts';
import { type LinesOptions, lines } from './lines.ts';
import type { Scanner } from './scanner.ts';
import { toTheEnd } from './to-the-end.ts';

type BuildScanner = (settings: ComponentSettings, context: ComponentContext) => Scanner;

export const scanners: Readonly<Record<string, BuildScanner>> = {
  lines: (settings) => lines(optionsOf<LinesOptions>(settings)),
  to_the_end: toTheEnd,
};

/** Where a component names no scanner. */
export const defaultScanner = (): Scanner => lines({ custom_delimiter: '', max_buffer_size: 65_536, omit_empty: false });
