import {
  compileInterpolation,
  compileMapping,
  type Environment,
  fileImporter,
  type Importer,
  type Interpolation,
  type Mapping,
} from '@sluice/bloblang';
import { defaultEnvironment } from './default-environment.ts';

export interface ParseOptions {
  /** The functions and methods that may be called. @default all of them */
  readonly environment?: Environment;
  /** Where `import` and `from` read. @default files relative to the working directory */
  readonly importer?: Importer;
}

/** Compiles a mapping. Throws `BloblangParseError`. */
export const parseMapping = (source: string, { environment = defaultEnvironment, importer }: ParseOptions = {}): Mapping =>
  compileMapping(source, environment, importer ?? fileImporter(process.cwd()));

/** Compiles a string with `${! query }` in it. Throws `BloblangParseError`. */
export const parseInterpolation = (
  source: string,
  { environment = defaultEnvironment }: Pick<ParseOptions, 'environment'> = {},
): Interpolation => compileInterpolation(source, environment);
