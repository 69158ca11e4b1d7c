/** Texts of Bloblang in the options of processors, compiled once; a mistake in one is reported with its place in the file. */
import { BloblangParseError, type Interpolation, type Mapping } from '@sluice/bloblang';
import { parseInterpolation, parseMapping } from '@sluice/bloblang-library';
import { ProcessorConfigError } from './errors.ts';
import type { ProcessorSettings, SourceText } from './processor.ts';

export const compileMapping = (text: SourceText, settings: ProcessorSettings): Mapping => located(text, settings, parseMapping);

export const compileInterpolation = (text: SourceText, settings: ProcessorSettings): Interpolation =>
  located(text, settings, parseInterpolation);

function located<T>({ source, position }: SourceText, { path }: ProcessorSettings, parse: (source: string) => T): T {
  try {
    return parse(source);
  } catch (error) {
    if (error instanceof BloblangParseError) throw new ProcessorConfigError(position, path, `bad Bloblang: ${error.message}`, error);
    throw error;
  }
}
