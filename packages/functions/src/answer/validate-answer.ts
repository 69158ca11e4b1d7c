/**
 * Checks the whole answer of a function before any of it takes effect: an answer counts as a whole or not at all.
 */
import {
  type EgressMessage,
  encodeInvocation,
  type FunctionAddress,
  type FunctionAnswer,
  formatTypeName,
  functionTypeOf,
  KINESIS_EGRESS_RECORD,
  MUTATION,
} from '@sluice/function-protocol';
import type { DelayedEffect, EgressEffect, FunctionEffects, MessageEffect, MutationEffect } from './effects.ts';
import { InvalidAnswerError } from './errors.ts';
import { toKinesisRecord } from './kinesis-record.ts';
import { isSameType } from './state-specs.ts';

type Result = FunctionAnswer & { type: 'result' };

/** What an answer is checked against. */
export interface AnswerContext {
  /** The address that answered: the caller of what it sends. */
  readonly sender: FunctionAddress;
  /** Whether an endpoint serves this type (`namespace/name`). */
  isFunction(type: string): boolean;
  /** Whether there is an egress of this id (`namespace/name`). */
  isEgress(id: string): boolean;
  /** The type of a registered state of the sender's function; `undefined` where there is none of this name. */
  stateType(name: string): string | undefined;
}

/** @throws InvalidAnswerError for the first thing that cannot be done */
export function validateAnswer(answer: Result, context: AnswerContext): FunctionEffects {
  return {
    messages: answer.messages.map(({ target, argument }) => toMessage(target, argument, context)),
    delayed: checkDelayed(answer, context),
    egress: answer.egress.map((message) => toEgress(message, context)),
    mutations: checkMutations(answer, context),
  };
}

function toMessage(target: FunctionAddress, argument: Uint8Array, { sender, isFunction }: AnswerContext): MessageEffect {
  const type = functionTypeOf(target);
  if (!isFunction(type)) {
    const expected = type === '/' ? 'a message without a target' : `a message for function \`${type}\`, which no endpoint serves`;
    throw new InvalidAnswerError('unknown-function', expected, { target: type });
  }
  return { target, invocation: encodeInvocation(sender, argument) };
}

/** Later than anything that runs today, and a whole number in Redis also when the time of day is added. */
const MAX_DELAY_MS = 2 ** 52;

function checkDelayed({ delayed }: Result, context: AnswerContext): DelayedEffect[] {
  const pending = new Set<string>();
  return delayed.map(({ target, argument, delayMs, isCancellation, token }) => {
    if (isCancellation) {
      if (token === '') throw new InvalidAnswerError('missing-token', 'a cancellation without a cancellation token');
      pending.delete(token);
      return { type: 'cancel', token };
    }
    const message = toMessage(target, argument, context);
    if (delayMs < 0) {
      throw new InvalidAnswerError(
        'negative-delay',
        `a delayed message for function \`${functionTypeOf(target)}\` with a delay of ${delayMs} ms`,
        {
          delayMs,
        },
      );
    }
    if (pending.has(token)) {
      throw new InvalidAnswerError(
        'token-used-twice',
        `two delayed messages with the cancellation token \`${token}\`: cancel the first one before the token is used again`,
        { token },
      );
    }
    if (token !== '') pending.add(token);
    return { type: 'send', ...message, delayMs: Math.min(delayMs, MAX_DELAY_MS), token: token === '' ? undefined : token };
  });
}

function toEgress({ namespace, type, argument }: EgressMessage, { isEgress }: AnswerContext): EgressEffect {
  const egressId = formatTypeName({ namespace, name: type });
  if (!isEgress(egressId))
    throw new InvalidAnswerError('unknown-egress', `a message for egress \`${egressId}\`, which is not configured`, { egressId });
  if (argument.typename !== KINESIS_EGRESS_RECORD) {
    throw new InvalidAnswerError(
      'wrong-egress-type',
      `egress \`${egressId}\` takes only messages of type \`${KINESIS_EGRESS_RECORD}\`, got \`${argument.typename}\`; build them with the SDK's Kinesis egress message`,
      { egressId, typename: argument.typename },
    );
  }
  return { egressId, record: toKinesisRecord(argument.value, egressId) };
}

function checkMutations({ mutations }: Result, { stateType }: AnswerContext): MutationEffect[] {
  const last = new Map<string, MutationEffect>();
  for (const { name, mutationType, value } of mutations) {
    const typename = stateType(name);
    if (typename === undefined) {
      throw new InvalidAnswerError(
        'unknown-state',
        `a change of state \`${name}\`, which the function did not declare; declare it with the SDK`,
        {
          state: name,
        },
      );
    }
    if (mutationType !== MUTATION.delete && mutationType !== MUTATION.modify) {
      throw new InvalidAnswerError('unknown-mutation', `a change of state \`${name}\` of unknown kind ${mutationType}`, {
        state: name,
        mutationType,
      });
    }
    if (mutationType === MUTATION.modify && !isSameType(value.typename, typename)) {
      throw new InvalidAnswerError(
        'wrong-state-type',
        `state \`${name}\` is of type \`${typename}\` and was given a value of type \`${value.typename}\``,
        { state: name, expected: typename, found: value.typename },
      );
    }
    last.set(name, { name, value: mutationType === MUTATION.modify ? { typename, value: value.value } : undefined });
  }
  return [...last.values()];
}
