import type { SluiceRecord } from '@sluice/core';
import type { FunctionAddress, TypedValue } from '@sluice/function-protocol';

/** What an answer asks for, checked and ready to be applied, in this order. */
export interface FunctionEffects {
  readonly messages: readonly MessageEffect[];
  /** In the order of the answer, which decides what a token stands for. */
  readonly delayed: readonly DelayedEffect[];
  readonly egress: readonly EgressEffect[];
  /** One for each name: the last of the answer. */
  readonly mutations: readonly MutationEffect[];
}

export interface MessageEffect {
  readonly target: FunctionAddress;
  /** Encoded, with the sender as its caller. */
  readonly invocation: Uint8Array;
}

export type DelayedEffect =
  | (MessageEffect & { readonly type: 'send'; readonly delayMs: number; readonly token: string | undefined })
  | { readonly type: 'cancel'; readonly token: string };

export interface EgressEffect {
  /** `namespace/name`. */
  readonly egressId: string;
  readonly record: SluiceRecord;
}

export interface MutationEffect {
  readonly name: string;
  /** `undefined` deletes. A value without bytes is a value. */
  readonly value: TypedValue | undefined;
}
