import type { ErrorReport, SluiceRecord } from '@sluice/core';
import type { ScriptArgument } from '@sluice/redis';

/**
 * What is applied in the same script as the settlement of jobs: all of it or nothing.
 *
 * Nothing is sent twice. Where the answer is lost the lane is taken over, and what Redis holds then says whether it was applied.
 */
export interface LaneEffects {
  /** Each must hold, or nothing is applied, the settlements neither. */
  readonly guards: readonly Guard[];
  /** Applied in this order, sent messages last. A token that one of them frees is free for those after it. */
  readonly operations: readonly Operation[];
}

/** A field of a hash must have this value; `undefined`: must not exist. */
export interface Guard {
  readonly key: string;
  readonly field: string;
  readonly expected: string | undefined;
}

export type Operation = CommandOperation | SendOperation | DelayOperation | CancelOperation | DeadLetterOperation;

export interface CommandOperation {
  readonly type: 'command';
  /** A write command and its arguments, such as `['HSET', key, field, value]`. */
  readonly command: readonly [name: WriteCommand, key: string, ...rest: ScriptArgument[]];
  /** The index in `command` of a number to which the time of Redis is added, milliseconds. */
  readonly addNowTo?: number;
}

/** Records for the lanes of their partition keys. What a commit sends to one lane is one job, or as many as the limits of a job ask for. */
export interface SendOperation {
  readonly type: 'send';
  readonly target: string;
  /** The number of lanes of `target`; recorded at its first use. */
  readonly lanes: number;
  readonly records: readonly SluiceRecord[];
  /** The `traceparent` under which they are sent; where several go to one lane, its job has that of the first. */
  readonly trace?: string | undefined;
}

/** A record for the lane of its partition key, later. */
export interface DelayOperation {
  readonly type: 'delay';
  readonly target: string;
  readonly lanes: number;
  /** Without origin and stream. */
  readonly record: SluiceRecord;
  readonly delayMs: number;
  /** The id of the address that sends it: a token is unique within it. */
  readonly sender: string;
  /** By which it can be cancelled. While it is pending, the same token is refused. */
  readonly token: string | undefined;
}

/** Takes a message back that was not sent yet; nothing happens where there is none. */
export interface CancelOperation {
  readonly type: 'cancel';
  readonly sender: string;
  readonly token: string;
}

/** A record that is in no job any more becomes a dead letter of the lane's target. */
export interface DeadLetterOperation {
  readonly type: 'deadLetter';
  /** Storing another one under the same id changes nothing. */
  readonly id: string;
  readonly record: SluiceRecord;
  readonly reason: ErrorReport;
}

/** The commands that an operation may use, and the type of their key; '' for any. */
export const WRITE_COMMANDS = {
  HSET: 'hash',
  HDEL: 'hash',
  HINCRBY: 'hash',
  RPUSH: 'list',
  LPOP: 'list',
  DEL: '',
  PEXPIRE: '',
  PERSIST: '',
} as const;

export type WriteCommand = keyof typeof WRITE_COMMANDS;
