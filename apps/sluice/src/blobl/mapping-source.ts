import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileImporter, type Mapping } from '@sluice/bloblang';
import { type ParseOptions, parseMapping } from '@sluice/bloblang-library';
import { UnreadableFileError } from '../terminal/errors.ts';
import { BloblUsageError } from './errors.ts';

/** A mapping as it was given: on the command line, or in a file. */
export interface MappingSource {
  readonly text: string;
  /** `undefined` for one on the command line, whose imports are relative to the working directory. */
  readonly file: string | undefined;
}

/** The mapping that was asked for, `undefined` if none was. Throws {@link BloblUsageError} and {@link UnreadableFileError}. */
export function mappingSource(argument: string | undefined, file: string | undefined): MappingSource | undefined {
  if (argument !== undefined && file !== undefined) {
    throw new BloblUsageError('give the mapping as an argument or in a file, not both');
  }
  if (file !== undefined) return { text: readText(file), file };
  return argument === undefined ? undefined : { text: argument, file: undefined };
}

/** Throws `BloblangParseError`. */
export const compileSource = ({ text, file }: MappingSource): Mapping => parseMapping(text, optionsFor(file));

const optionsFor = (file: string | undefined): ParseOptions => (file === undefined ? {} : { importer: fileImporter(dirname(file)) });

/** Throws {@link UnreadableFileError}. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UnreadableFileError(file, error);
  }
}
