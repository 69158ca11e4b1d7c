import { type BuildInput, optionsOf } from '../component.ts';
import { readFiles } from './read-files.ts';
import { type ScannerOptions, scannerOf } from './scanner-of.ts';

interface FileOptions extends ScannerOptions {
  readonly paths: readonly string[];
  readonly delete_on_finish: boolean;
}

/** `file`: what a scanner finds in files. */
export const file: BuildInput = (settings, context) => {
  const options = optionsOf<FileOptions>(settings);
  const scanner = scannerOf(options, settings, context);
  return readFiles({ paths: options.paths, deletes: options.delete_on_finish, scanner }, settings, context);
};
