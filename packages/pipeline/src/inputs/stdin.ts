import { type BuildInput, optionsOf } from '../component.ts';
import { deliverScanned } from './deliver-scanned.ts';
import { leaf } from './leaf.ts';
import { type ScannerOptions, scannerOf } from './scanner-of.ts';

/** `stdin`: what a scanner finds in standard input. */
export const stdin: BuildInput = (settings, context) => {
  const scanner = scannerOf(optionsOf<ScannerOptions>(settings), settings, context);
  return leaf((deliver, signal) => deliverScanned(context.stdin, { scanner, name: 'stdin', deliver, signal }), settings, context);
};
