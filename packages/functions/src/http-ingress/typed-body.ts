/** Turns the body of a request into the typed value that a function gets. Pure. */
import { fromJsonValue, isBuiltInType, parseTypeName, type TypedValue, UnfitValueError } from '@sluice/function-protocol';
import { RequestRefusedError } from './errors.ts';

export interface TypedBody {
  /** As the request has it, with its parameters. */
  readonly contentType: string | undefined;
  /** The header `sluice-type`: `namespace/name`. */
  readonly typename: string | undefined;
  readonly body: Buffer;
}

const TEXT = 'io.statefun.types/string';

/**
 * | content type               | without `sluice-type`                        | with a built-in type     | with another type    |
 * |----------------------------|----------------------------------------------|--------------------------|----------------------|
 * | `text/plain`               | string                                       | the value in the text    | the bytes as they are |
 * | `application/json`         | string, bool, int, long or double, as it is  | the JSON value           | the bytes, which must be JSON |
 * | `application/octet-stream` | refused                                      | the bytes as they are    | the bytes as they are |
 *
 * @throws {RequestRefusedError} 400 or 415
 */
export function readTypedBody({ contentType, typename, body }: TypedBody): TypedValue {
  if (typename !== undefined && !parseTypeName(typename))
    throw new RequestRefusedError(400, `expected \`sluice-type: <namespace>/<name>\`, found \`${typename}\``);
  switch (mediaTypeOf(contentType)) {
    case 'text/plain':
      return fromText(readText(body), typename ?? TEXT, body);
    case 'application/json':
      return fromJson(parseJson(readText(body)), typename, body);
    case 'application/octet-stream':
      if (typename === undefined) throw new RequestRefusedError(400, 'bytes need a header `sluice-type: <namespace>/<name>`');
      return { typename, value: body };
    default:
      throw new RequestRefusedError(
        415,
        `expected content-type text/plain, application/json or application/octet-stream, found ${contentType ?? 'none'}`,
      );
  }
}

const mediaTypeOf = (contentType = ''): string => contentType.split(';')[0]!.trim().toLowerCase();

function fromText(text: string, typename: string, body: Buffer): TypedValue {
  if (typename === TEXT) return fromJsonValue(TEXT, text);
  if (!isBuiltInType(typename)) return { typename, value: body };
  return fit(typename, jsonOrText(text.trim()));
}

function fromJson(json: unknown, typename: string | undefined, body: Buffer): TypedValue {
  if (typename === undefined) return fit(typeOf(json), json);
  return isBuiltInType(typename) ? fit(typename, json) : { typename, value: body };
}

function fit(typename: string, json: unknown): TypedValue {
  try {
    return fromJsonValue(typename, json);
  } catch (error) {
    if (error instanceof UnfitValueError) throw new RequestRefusedError(400, error.message);
    throw error;
  }
}

function typeOf(json: unknown): string {
  if (typeof json === 'string') return TEXT;
  if (typeof json === 'boolean') return 'io.statefun.types/bool';
  if (typeof json !== 'number')
    throw new RequestRefusedError(400, 'a JSON object, list or null needs a header `sluice-type: <namespace>/<name>`');
  if (!Number.isSafeInteger(json)) return 'io.statefun.types/double';
  return (json | 0) === json ? 'io.statefun.types/int' : 'io.statefun.types/long';
}

function readText(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new RequestRefusedError(400, 'expected text in UTF-8, found other bytes');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestRefusedError(400, 'expected JSON, found other text');
  }
}

/** A whole number stays text, so that one of 64 bits keeps its digits. */
function jsonOrText(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'number' && Number.isInteger(json) && !Number.isSafeInteger(json) ? text : json;
  } catch {
    return text;
  }
}
