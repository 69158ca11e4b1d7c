import { KinesisTimeoutError, KinesisUnavailableError } from '@sluice/kinesis';
import { LeaseEndingError } from '../errors.ts';

/** Ends of a call before anything was sent. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']);

/** Whether a request that failed so may have been carried out all the same: sending it again may write its records twice. */
export function isAnswerLost(error: unknown): boolean {
  if (error instanceof KinesisTimeoutError || error instanceof LeaseEndingError) return true;
  if (!(error instanceof KinesisUnavailableError)) return false;
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    const { code, $metadata } = cause as { code?: unknown; $metadata?: { httpStatusCode?: number } };
    if (typeof code === 'string' && NEVER_SENT.has(code)) return false;
    const status = $metadata?.httpStatusCode;
    if (status !== undefined && status >= 400 && status < 500) return false;
  }
  return true;
}
