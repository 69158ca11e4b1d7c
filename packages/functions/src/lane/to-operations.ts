import type { SluiceRecord } from '@sluice/core';
import { type FunctionAddress, functionTypeOf } from '@sluice/function-protocol';
import type { Operation } from '@sluice/queue';
import type { DelayedEffect, FunctionEffects, MessageEffect } from '../answer/effects.ts';

/** How many lanes a function type or an egress has. */
export type LanesOf = (target: string) => number;

/** What an answer asks of lanes and timers, in the order in which it takes effect: messages, delayed messages, egress. */
export function toOperations(
  sender: FunctionAddress,
  { messages, delayed, egress }: FunctionEffects,
  lanesOf: LanesOf,
  trace?: string,
): Operation[] {
  return [
    ...sends(
      messages.map((message): [string, SluiceRecord] => [functionTypeOf(message.target), toRecord(message)]),
      lanesOf,
      trace,
    ),
    ...delayed.map((effect) => toDelayed(sender, effect, lanesOf)),
    ...sends(
      egress.map(({ egressId, record }): [string, SluiceRecord] => [egressId, record]),
      lanesOf,
      trace,
    ),
  ];
}

function sends(records: ReadonlyArray<[target: string, record: SluiceRecord]>, lanesOf: LanesOf, trace: string | undefined): Operation[] {
  const perTarget = Map.groupBy(records, ([target]) => target);
  return [...perTarget].map(([target, ofTarget]) => ({
    type: 'send',
    target,
    lanes: lanesOf(target),
    records: ofTarget.map(([, record]) => record),
    ...(trace !== undefined && { trace }),
  }));
}

function toDelayed(sender: FunctionAddress, effect: DelayedEffect, lanesOf: LanesOf): Operation {
  if (effect.type === 'cancel') return { type: 'cancel', sender: sender.id, token: effect.token };
  const { delayMs, token } = effect;
  const target = functionTypeOf(effect.target);
  return { type: 'delay', target, lanes: lanesOf(target), record: toRecord(effect), delayMs, sender: sender.id, token };
}

const toRecord = ({ target, invocation }: MessageEffect): SluiceRecord => ({ partitionKey: target.id, data: invocation, metadata: {} });
