import type { ScriptArgument } from '@sluice/redis';

/** A record that became a dead letter, as BullMQ's failed job. */
export interface DeadLetterJob {
  readonly id: string;
  readonly name: string;
  readonly data: object;
  readonly timestampMs: number;
  readonly failedReason: string;
  readonly frame: Buffer;
}

/** As `storeDeadLetter` of the scripts takes it. */
export const toLetterArguments = ({ id, name, data, timestampMs, failedReason, frame }: DeadLetterJob): ScriptArgument[] => [
  ...[id, name, JSON.stringify(data), timestampMs, failedReason],
  frame,
];
