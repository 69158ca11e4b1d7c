import type { Encoding, ErrorMembers } from '../wire/encoding.ts';
import type { Reply } from './transport/transport.ts';

export interface ServiceErrorFacts {
  readonly httpStatusCode: number;
  /** Set where the service refused the time of the signature: how far its clock is ahead of ours, milliseconds. */
  readonly clockOffsetMs: number | undefined;
  /** The endpoint may not have understood the encoding of the request. It has done nothing then. */
  readonly isNotUnderstood: boolean;
}

/** What the service answered instead of a success; has the name and the `$metadata` of the SDK's errors. */
export class ServiceError extends Error {
  readonly $metadata: { readonly httpStatusCode: number };
  readonly clockOffsetMs: number | undefined;
  readonly isNotUnderstood: boolean;

  constructor(name: string, message: string, { httpStatusCode, clockOffsetMs, isNotUnderstood }: ServiceErrorFacts) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode };
    this.clockOffsetMs = clockOffsetMs;
    this.isNotUnderstood = isNotUnderstood;
  }
}

/** Names with which an endpoint refuses what it cannot read. */
const NOT_UNDERSTOOD: ReadonlySet<string> = new Set([
  'SerializationException',
  'UnknownOperationException',
  'UnsupportedMediaTypeException',
  'InvalidAction',
]);

/** @param encoding what the reply says it is in, if it does */
export function readServiceError({ statusCode, headers, body }: Reply, encoding: Encoding | undefined): ServiceError {
  const { type, message = '' } = membersOf(body, encoding);
  const name = nameOf(headers['x-amzn-errortype'] ?? type);
  const isRefused = statusCode >= 400 && statusCode < 500 && encoding?.keepsBody !== true;
  return new ServiceError(name ?? 'UnknownError', message || name || `HTTP ${statusCode}`, {
    httpStatusCode: statusCode,
    clockOffsetMs: isTimeRefused(name, message) ? clockOffsetOf(headers['date']) : undefined,
    isNotUnderstood: isRefused && (name === undefined || NOT_UNDERSTOOD.has(name)),
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

const isTimeRefused = (name: string | undefined, message: string): boolean =>
  name === 'RequestTimeTooSkewed' ||
  name === 'RequestExpired' ||
  (name === 'InvalidSignatureException' && /Signature (?:expired|not yet current)/.test(message));

function clockOffsetOf(date: string | undefined): number | undefined {
  const atMs = Date.parse(date ?? '');
  return Number.isNaN(atMs) ? undefined : atMs - Date.now();
}
