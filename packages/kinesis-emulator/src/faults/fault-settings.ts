import { isOperationName, type OperationName } from '../operations/catalogue.ts';
import type { RecordFailure } from '../operations/operation.ts';

/** An error that a whole request may be refused with. */
export type RequestFailure = 'InternalFailure' | 'ServiceUnavailable' | 'ProvisionedThroughputExceededException' | 'LimitExceededException';

/** What happens to requests of one operation. Rates are chances from 0 to 1. */
export interface OperationFaults {
  /** Requests refused before anything happened. @default 0 */
  readonly errorRate?: number;
  /** What they are refused with, chosen evenly. @default ['InternalFailure'] */
  readonly errors?: readonly RequestFailure[];
  /** Requests that are carried out and whose answer is never sent. @default 0 */
  readonly lostReplyRate?: number;
  /** What the client sees of a lost reply: a reset connection, or nothing at all. @default 'reset' */
  readonly lostReply?: 'reset' | 'hang';
  /** Pause before a request is carried out, in milliseconds: at least the first number, at most the second. @default [0, 0] */
  readonly latencyMs?: readonly [number, number];
  /** PutRecords only: records that fail on their own. @default 0 */
  readonly recordErrorRate?: number;
  /** What they fail with, chosen evenly. @default both */
  readonly recordErrors?: readonly RecordFailure[];
}

/** Faults by operation; `*` for every operation that has no entry of its own. Plain JSON. */
export type FaultSettings = Readonly<Partial<Record<OperationName | '*', OperationFaults>>>;

/** One fault for the very next request of an operation. */
export interface OneFault {
  readonly error?: RequestFailure;
  readonly lostReply?: 'reset' | 'hang';
  readonly latencyMs?: number;
  /** PutRecords only: the index of each record that fails, and its reason. */
  readonly records?: Readonly<Record<number, RecordFailure>>;
}

const RATES = ['errorRate', 'lostReplyRate', 'recordErrorRate'] as const;
const REQUEST_FAILURES: readonly string[] = [
  'InternalFailure',
  'ServiceUnavailable',
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
];
const RECORD_FAILURES: readonly string[] = ['ProvisionedThroughputExceededException', 'InternalFailure'];
const MEMBERS: readonly string[] = [...RATES, 'errors', 'lostReply', 'latencyMs', 'recordErrors'];

/** What is wrong with settings that came as JSON, one sentence each; empty where they are sound. */
export function faultProblems(settings: unknown): string[] {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return ['expected an object of faults by operation'];
  return Object.entries(settings).flatMap(([operation, faults]) => {
    if (operation !== '*' && !isOperationName(operation)) return [`${operation}: no such operation`];
    if (typeof faults !== 'object' || faults === null) return [`${operation}: expected an object`];
    return problemsOf(faults as Record<string, unknown>).map((problem) => `${operation}.${problem}`);
  });
}

function problemsOf(faults: Record<string, unknown>): string[] {
  const problems = Object.keys(faults)
    .filter((member) => !MEMBERS.includes(member))
    .map((member) => `${member}: unknown`);
  for (const rate of RATES) {
    const value = faults[rate];
    if (value !== undefined && !(typeof value === 'number' && value >= 0 && value <= 1))
      problems.push(`${rate}: expected a number from 0 to 1`);
  }
  const { lostReply, latencyMs, errors, recordErrors } = faults;
  if (lostReply !== undefined && lostReply !== 'reset' && lostReply !== 'hang') problems.push(`lostReply: expected 'reset' or 'hang'`);
  if (latencyMs !== undefined && !isLatency(latencyMs)) problems.push('latencyMs: expected [least, most] in milliseconds');
  if (errors !== undefined && !isListOf(errors, REQUEST_FAILURES))
    problems.push(`errors: expected a list of ${REQUEST_FAILURES.join(', ')}`);
  if (recordErrors !== undefined && !isListOf(recordErrors, RECORD_FAILURES))
    problems.push(`recordErrors: expected a list of ${RECORD_FAILURES.join(', ')}`);
  return problems;
}

const isLatency = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every((ms) => typeof ms === 'number' && ms >= 0) && value[0] <= value[1];

const isListOf = (value: unknown, allowed: readonly string[]): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((item) => allowed.includes(item));
