import { SluiceError } from '@sluice/core';
import { isBlocked } from '@sluice/kinesis';

export const hasCode = (error: unknown, ...codes: readonly string[]): boolean => error instanceof SluiceError && codes.includes(error.code);

/** Whether the same iterator may be asked again. */
export const isTransient = (error: unknown): boolean => hasCode(error, 'KINESIS_THROTTLED', 'KINESIS_UNAVAILABLE', 'KINESIS_TIMEOUT');

/** Whether only an operator can help, so that there is no hurry. */
export const isForOperators = (error: unknown): boolean => isBlocked(error) || hasCode(error, 'KINESIS_VALIDATION');
