import type { AttachedState, StateSpec } from '@sluice/function-protocol';
import { InvalidAnswerError } from '../answer/errors.ts';
import { isSameType } from '../answer/state-specs.ts';
import type { AddressValues } from './address-values.ts';
import { StoredTypeError } from './errors.ts';

/**
 * The states that a function type has declared, in this worker's memory: after a restart they are declared anew, so that the expirations
 * of a new version take effect then. A name stays once it is there.
 */
export class RegisteredStates {
  readonly #specs = new Map<string, StateSpec>();

  /**
   * Takes up what an incomplete answer declares, all of it or nothing. Answers whether there is a new name among it.
   * What is known already keeps its expiration.
   * @throws {InvalidAnswerError} `state-type-changed`
   */
  register(specs: readonly StateSpec[]): boolean {
    const fresh = new Map<string, StateSpec>();
    for (const spec of specs) {
      const known = this.#specs.get(spec.name) ?? fresh.get(spec.name);
      if (!known) fresh.set(spec.name, spec);
      else if (!isSameType(known.typename, spec.typename)) throw changedType(known, spec);
    }
    for (const [name, spec] of fresh) this.#specs.set(name, spec);
    return fresh.size > 0;
  }

  names(): string[] {
    return [...this.#specs.keys()];
  }

  specOf(name: string): StateSpec | undefined {
    return this.#specs.get(name);
  }

  /**
   * Every registered state, with the value that an address has of it. Values that are not registered stay where they are.
   * @throws {StoredTypeError} a value is of another type
   */
  attach({ values }: Pick<AddressValues, 'values'>): AttachedState[] {
    return [...this.#specs.values()].map(({ name, typename }) => {
      const value = values.get(name);
      if (value && !isSameType(value.typename, typename)) throw new StoredTypeError(name, typename, value.typename);
      return { name, value: value && { typename, value: value.value } };
    });
  }
}

const changedType = ({ name, typename }: StateSpec, declared: StateSpec): InvalidAnswerError =>
  new InvalidAnswerError(
    'state-type-changed',
    `state \`${name}\` was declared with type \`${typename}\` before, now with \`${declared.typename}\`; give a state of another type another name, ` +
      'or restart the function-workers with the new version',
    { state: name, registered: typename, declared: declared.typename },
  );
