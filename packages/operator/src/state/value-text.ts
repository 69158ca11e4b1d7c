import { fromJsonValue, isBuiltInType } from '@sluice/function-protocol';
import { OperatorInputError } from '../errors.ts';

const STRING = 'io.statefun.types/string';

/**
 * The bytes of a value that was written on the command line.
 * @throws {OperatorInputError | UnfitValueError} it is no value of its type
 */
export function valueOfText(typename: string, text: string, isBase64: boolean): Buffer {
  if (isBase64) {
    const bytes = Buffer.from(text, 'base64');
    if (bytes.toString('base64').replaceAll('=', '') !== text.replaceAll('=', '')) throw new OperatorInputError('expected base64 as value');
    return bytes;
  }
  if (!isBuiltInType(typename)) return Buffer.from(text);
  return Buffer.from(fromJsonValue(typename, typename === STRING ? text : parseJson(text, typename)).value);
}

function parseJson(text: string, typename: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new OperatorInputError(`expected JSON as value of ${typename}, such as 3 or true`);
  }
}
