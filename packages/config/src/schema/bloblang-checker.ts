import { BloblangParseError } from '@sluice/bloblang';
import { parseInterpolation, parseMapping } from '@sluice/bloblang-library';
import type { BloblangChecker, BloblangFault } from './check-bloblang.ts';

/** Compiles for the sake of the errors; the workers compile again what they run. A batch check is a mapping too. */
export const bloblangChecker: BloblangChecker = {
  interpolation: (source) => faultOf(() => parseInterpolation(source)),
  mapping: (source) => faultOf(() => parseMapping(source)),
  query: (source) => faultOf(() => parseMapping(source)),
};

function faultOf(parse: () => unknown): BloblangFault | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (error instanceof BloblangParseError) return { line: error.line, column: error.column, message: `bad Bloblang: ${error.reason}` };
    throw error;
  }
}
