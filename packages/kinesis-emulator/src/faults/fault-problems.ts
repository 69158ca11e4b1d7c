/** Checks fault settings that came as JSON: over the control path or from the command line. */
import { isOperationName } from '../operations/catalogue.ts';
import {
  type ControlPlaneFaults,
  CREDENTIAL_FAILURES,
  type CredentialRefusal,
  type HiddenShard,
  type OneFault,
  type OperationFaults,
  RECORD_FAILURES,
  REQUEST_FAILURES,
} from './fault-settings.ts';

/** What is wrong with a value at `path`, one sentence each. */
type Rule = (value: unknown, path: string) => string[];

const rule =
  (expected: string, holds: (value: unknown) => boolean): Rule =>
  (value, path) =>
    holds(value) ? [] : [`${path}: expected ${expected}`];

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isRange = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every((ms) => isNumber(ms) && ms >= 0) && value[0] <= value[1];
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const rate = rule('a number from 0 to 1', (value) => isNumber(value) && value >= 0 && value <= 1);
const milliseconds = rule('milliseconds, 0 or more', (value) => isNumber(value) && value >= 0);
const range = rule('[least, most] in milliseconds', isRange);
const count = rule('a whole number, 0 or more', isCount);
const positive = rule('a number above 0', (value) => isNumber(value) && value > 0);
const text = rule('a string', (value) => typeof value === 'string' && value !== '');
const lostReply = rule(`'reset' or 'hang'`, (value) => value === 'reset' || value === 'hang');
const oneOf = (allowed: readonly string[]) => rule(`one of ${allowed.join(', ')}`, (value) => allowed.includes(value as string));
const someOf = (allowed: readonly string[]) =>
  rule(
    `a list of ${allowed.join(', ')}`,
    (value) => Array.isArray(value) && value.length > 0 && value.every((item) => allowed.includes(item)),
  );
const recordsByIndex = rule(
  `an object from index to one of ${RECORD_FAILURES.join(', ')}`,
  (value) =>
    isObject(value) && Object.entries(value).every(([index, error]) => /^\d+$/.test(index) && RECORD_FAILURES.includes(error as never)),
);

/** An object whose members keep `rules`; it must have those that are `required`. */
const object =
  (rules: Readonly<Record<string, Rule>>, required: readonly string[] = []): Rule =>
  (value, path) => {
    if (!isObject(value)) return [`${path}: expected an object`];
    const missing = required.filter((member) => value[member] === undefined).map((member) => `${path}.${member}: missing`);
    const wrong = Object.entries(value).flatMap(([member, part]) => {
      const at = `${path}.${member}`;
      return Object.hasOwn(rules, member) ? rules[member]!(part, at) : [`${at}: unknown`];
    });
    return [...missing, ...wrong];
  };

const listOf =
  (item: Rule): Rule =>
  (value, path) =>
    Array.isArray(value) ? value.flatMap((part, index) => item(part, `${path}[${index}]`)) : [`${path}: expected a list`];

const operationFaults = object({
  errorRate: rate,
  errors: someOf(REQUEST_FAILURES),
  latencyMs: range,
  replyDelayMs: range,
  replyDelayRate: rate,
  bytesPerSecond: positive,
  cutReplyRate: rate,
  lostReplyRate: rate,
  lostReply,
  lateRate: rate,
  lateMs: range,
  recordErrorRate: rate,
  recordErrors: someOf(RECORD_FAILURES),
} satisfies Record<keyof OperationFaults, Rule>);

const oneFault = object({
  error: oneOf(REQUEST_FAILURES),
  latencyMs: milliseconds,
  replyDelayMs: milliseconds,
  bytesPerSecond: positive,
  cutReplyAfterBytes: count,
  lostReply,
  lateMs: milliseconds,
  records: recordsByIndex,
} satisfies Record<keyof OneFault, Rule>);

const hiddenShard = object({ shardId: text, stream: text, lists: count, iterators: count } satisfies Record<keyof HiddenShard, Rule>, [
  'shardId',
]);

const controlPlane = object({ lagMs: milliseconds, hidden: listOf(hiddenShard) } satisfies Record<keyof ControlPlaneFaults, Rule>);

const credentialRefusal = object(
  { error: oneOf(CREDENTIAL_FAILURES), accessKeyId: text, sessionToken: text, times: count } satisfies Record<
    keyof CredentialRefusal,
    Rule
  >,
  ['error'],
);

function ruleFor(member: string): Rule {
  if (member === 'controlPlane') return controlPlane;
  if (member === 'credentials') return listOf(credentialRefusal);
  return member === '*' || isOperationName(member) ? operationFaults : (_, path) => [`${path}: no such operation`];
}

/** What is wrong with a `FaultSettings`, one sentence each; empty where it is sound. */
export function faultProblems(settings: unknown): string[] {
  if (!isObject(settings)) return ['expected an object of faults by operation'];
  return Object.entries(settings).flatMap(([member, faults]) => ruleFor(member)(faults, member));
}

/** What is wrong with `{operation, fault, times?}`, one sentence each; empty where it is sound. */
export function onceProblems(request: unknown): string[] {
  const operation = rule('the name of an operation', (value) => typeof value === 'string' && isOperationName(value));
  const shape = object({ operation, fault: oneFault, times: count }, ['operation', 'fault']);
  return shape(request, 'once');
}
