import type { HttpResponse } from '@smithy/core/protocols';
import type { Encoding, ErrorMembers } from '../wire/encoding.ts';

/** What the service answered instead of a success; shaped as the SDK's errors are. */
export interface ServiceError extends Error {
  readonly $metadata: { readonly httpStatusCode: number };
  /** Set where the service refused the time of the signature: how far its clock is ahead of ours, milliseconds. */
  readonly clockOffsetMs: number | undefined;
  /** Whoever answered may not have understood the encoding of the request. It has done nothing then. */
  readonly isForeignTongue: boolean;
}

/** Names with which an endpoint refuses what it cannot read. */
const NOT_UNDERSTOOD: ReadonlySet<string> = new Set([
  'SerializationException',
  'UnknownOperationException',
  'UnsupportedMediaTypeException',
  'InvalidAction',
]);

/** @param encoding what the reply says it is in, if it does */
export function readServiceError(response: HttpResponse, body: Buffer, encoding: Encoding | undefined): ServiceError {
  const { statusCode, headers } = response;
  const { type, message } = membersOf(body, encoding);
  const named = nameOf(headers['x-amzn-errortype'] ?? type);
  const error = new Error(message ?? named ?? `HTTP ${statusCode}`);
  error.name = named ?? 'UnknownError';
  const isRefused = statusCode >= 400 && statusCode < 500 && encoding?.keepsBody !== true;
  return Object.assign(error, {
    $metadata: { httpStatusCode: statusCode },
    clockOffsetMs: isTimeRefused(error) ? clockOffsetOf(headers['date']) : undefined,
    isForeignTongue: isRefused && (named === undefined || NOT_UNDERSTOOD.has(named)),
  });
}

function membersOf(body: Buffer, encoding: Encoding | undefined): ErrorMembers {
  try {
    return encoding?.decodeError(body) ?? { type: undefined, message: undefined };
  } catch {
    return { type: undefined, message: undefined };
  }
}

/** `com.amazonaws.kinesis#LimitExceededException` and `LimitExceededException:http://…` are both that exception. */
const nameOf = (text = ''): string | undefined => text.split(':', 1)[0]!.split('#').at(-1) || undefined;

const isTimeRefused = ({ name, message }: Error): boolean =>
  name === 'RequestTimeTooSkewed' ||
  name === 'RequestExpired' ||
  (name === 'InvalidSignatureException' && /Signature (?:expired|not yet current)/.test(message));

function clockOffsetOf(date: string | undefined): number | undefined {
  const atMs = Date.parse(date ?? '');
  return Number.isNaN(atMs) ? undefined : atMs - Date.now();
}
