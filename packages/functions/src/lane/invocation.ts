/**
 * One request of an address, from its messages to what is to be committed. Nothing takes effect here: where it fails the messages are
 * where they were.
 */
import { type AttachedState, encodeRequest, type FunctionAddress, type FunctionAnswer, type StateSpec } from '@sluice/function-protocol';
import type { FunctionEffects } from '../answer/effects.ts';
import type { AddressValues } from '../state/address-values.ts';
import { StatesUnresolvedError } from './errors.ts';
import type { Message } from './messages.ts';

/** The states that a function type has declared, in the memory of this worker. */
export interface DeclaredStates {
  names(): Iterable<string>;
  /** Answers whether one of them is new. @throws {InvalidAnswerError} a declaration that cannot be, or changes a type */
  register(missing: readonly StateSpec[]): boolean;
  /** The values to attach to a request: of each declared state. @throws {StateTypeError} a stored value has another type */
  attach(values: AddressValues): readonly AttachedState[];
}

export interface InvocationPorts {
  readonly states: DeclaredStates;
  readonly readValues: (id: string) => Promise<AddressValues>;
  /** Resolves with a well-formed answer, tried again as the transport has it. */
  readonly call: (body: Uint8Array, messages: readonly Message[]) => Promise<FunctionAnswer>;
  /** @throws {InvalidAnswerError} */
  readonly validate: (answer: FunctionAnswer & { readonly type: 'result' }, sender: FunctionAddress) => FunctionEffects;
}

export interface Invocation {
  readonly effects: FunctionEffects;
  /** As they were attached; `undefined` where the function has no states. */
  readonly values: AddressValues | undefined;
  /** The `traceparent` of the call. */
  readonly trace?: string | undefined;
}

/** How often in a row a function may ask for states that it has been given. */
const MAX_FRUITLESS_ROUNDS = 2;

/** @throws {StatesUnresolvedError} it goes on asking for states that it has been given */
export async function invoke(address: FunctionAddress, messages: readonly Message[], ports: InvocationPorts): Promise<Invocation> {
  const { states, readValues, call, validate } = ports;
  const invocations = messages.map(({ data }) => data);
  let fruitless = 0;
  while (true) {
    const values = hasAny(states.names()) ? await readValues(address.id) : undefined;
    const attached = values ? states.attach(values) : [];
    const answer = await call(encodeRequest({ address, states: attached, invocations }), messages);
    if (answer.type === 'result') {
      const effects = validate(answer, address);
      // Another address of the function may have declared the states meanwhile.
      return { effects, values: values ?? (effects.mutations.length > 0 ? await readValues(address.id) : undefined) };
    }
    if (!states.register(answer.missing) && ++fruitless > MAX_FRUITLESS_ROUNDS) {
      throw new StatesUnresolvedError(
        address,
        answer.missing.map(({ name }) => name),
      );
    }
  }
}

function hasAny(items: Iterable<string>): boolean {
  for (const _ of items) return true;
  return false;
}
