import { BloblangParseError, type Mapping } from '@sluice/bloblang';
import { parseMapping } from '@sluice/bloblang-library';

/** The Bloblang in an option of a command. @param toError the error of the command, made of what was found where it does not parse */
export function mappingOption(text: string, toError: (found: string) => Error): Mapping {
  try {
    return parseMapping(text);
  } catch (error) {
    throw error instanceof BloblangParseError ? toError(error.message) : error;
  }
}
