/** Effects as the arguments of `commit.lua`. */
import { type LaneAddress, laneKeys, laneQueue, type ScriptArgument } from '@sluice/redis';
import { toDeadLetterJob } from '../dead-letters/dead-letter.ts';
import { toLetterArguments } from '../dead-letters/dead-letter-job.ts';
import { encodeFrame } from '../frame/encode-frame.ts';
import { laneOf } from '../lanes/lane-of.ts';
import { sizeOf, toLaneJobs } from '../sender/lane-jobs.ts';
import { targetsOf } from './effect-facts.ts';
import {
  type CommandOperation,
  type DeadLetterOperation,
  type DelayOperation,
  type Guard,
  type LaneEffects,
  type Operation,
  WRITE_COMMANDS,
} from './lane-effects.ts';

type KeyPrefix = LaneAddress['keyPrefix'];

/**
 * @param lane whose effects they are
 * @throws {RangeError | TypeError} an operation that would fail half-way
 */
export function toCommitArguments(effects: LaneEffects, lane: LaneAddress, nowMs: number): ScriptArgument[] {
  const { guards, operations } = effects;
  const targets = targetsOf(effects);
  const pushes = toPushes(operations, lane.keyPrefix, nowMs);
  // Its place is kept for its index in the answer.
  const inOrder = operations.flatMap((operation) => toOperation(operation, lane, nowMs));
  const head = [
    guards.length,
    operations.length,
    pushes.length,
    nowMs,
    targets.length,
    ...targets.flatMap(({ target, lanes }) => [target, lanes]),
  ];
  return [...head, ...guards.flatMap(toGuard), ...inOrder, ...pushes.flat()];
}

const toGuard = ({ key, field, expected }: Guard): ScriptArgument[] => [key, field, expected === undefined ? '0' : '1', expected ?? ''];

function toOperation(operation: Operation, lane: LaneAddress, nowMs: number): ScriptArgument[] {
  switch (operation.type) {
    case 'command':
      return counted('command', toCommand(operation));
    case 'send':
      return counted('send', []);
    case 'delay':
      return counted('delay', toDelay(operation, lane.keyPrefix));
    case 'cancel':
      if (operation.token === '') throw new RangeError('expected a token to cancel, got an empty one');
      return counted('cancel', [tokenField(operation.sender, operation.token)]);
    case 'deadLetter':
      return counted('deadLetter', toLetter(operation, lane, nowMs));
  }
}

const toLetter = ({ id, record, reason }: DeadLetterOperation, { target, lane }: LaneAddress, nowMs: number): ScriptArgument[] =>
  toLetterArguments(toDeadLetterJob({ target, lane, id, rejectedAtMs: nowMs, reason, record }));

const counted = (kind: Operation['type'], args: readonly ScriptArgument[]): ScriptArgument[] => [kind, args.length, ...args];

function toCommand({ command, addNowTo }: CommandOperation): ScriptArgument[] {
  const [name, ...rest] = command;
  if (!Object.hasOwn(WRITE_COMMANDS, name)) throw new RangeError(`expected one of ${Object.keys(WRITE_COMMANDS).join(', ')}, got ${name}`);
  // Redis' Lua gives a command at most some thousand arguments.
  if (command.length > MAX_COMMAND_ARGUMENTS)
    throw new RangeError(`expected at most ${MAX_COMMAND_ARGUMENTS} arguments of ${name}, got ${command.length}`);
  return [WRITE_COMMANDS[name], addNowTo === undefined ? 0 : addNowTo + 1, name.toLowerCase(), ...rest];
}

const MAX_COMMAND_ARGUMENTS = 4_000;

function toDelay({ target, lanes, record, delayMs, sender, token }: DelayOperation, keyPrefix: KeyPrefix): ScriptArgument[] {
  if (record.origin || record.stream !== undefined) throw new TypeError('expected a delayed record without origin and stream');
  if (!Number.isFinite(delayMs) || delayMs < 0) throw new RangeError(`expected a delay of 0 ms or more, got ${delayMs}`);
  const lane = laneOf(record.partitionKey, lanes);
  const { bullPrefix, queueName } = laneQueue({ keyPrefix, target, lane });
  const cancellation = token === undefined ? '' : tokenField(sender, token);
  return [Math.ceil(delayMs), cancellation, target, lane, bullPrefix, queueName, encodeFrame([record])];
}

/** Unambiguous whatever is in either of them. */
const tokenField = (sender: string, token: string): string => `${Buffer.byteLength(sender)}:${sender}${token}`;

/** For each lane that something is sent to, its jobs: the records of all operations in their order. */
function toPushes(operations: readonly Operation[], keyPrefix: KeyPrefix, nowMs: number): ScriptArgument[][] {
  const sends = operations.filter((operation) => operation.type === 'send');
  const routed = sends.flatMap(({ target, lanes, records, trace }) =>
    records.map((record) => ({ target, lanes, lane: laneOf(record.partitionKey, lanes), record, trace })),
  );
  const perLane = Map.groupBy(routed, ({ target, lane }) => `${lane} ${target}`);
  return [...perLane.values()].map((ofLane) => {
    const { target, lanes, lane } = ofLane[0]!;
    const trace = ofLane.find((sent) => sent.trace !== undefined)?.trace;
    const jobs = toLaneJobs({ target, lane, lanes, records: ofLane.map(({ record }) => record), trace }, nowMs);
    const { bullPrefix, jobPrefix } = laneKeys({ keyPrefix, target, lane });
    const { records, bytes } = sizeOf(jobs);
    const contents = jobs.flatMap(({ name, data, frame }) => [data.payload, frame, name, JSON.stringify(data)]);
    return [bullPrefix, jobPrefix, records, bytes, jobs.length, ...contents];
  });
}
