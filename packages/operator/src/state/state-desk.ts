import { editValues, readValues, type StatefulAddress as Scanned, type StateAddress, scanAddresses } from '@sluice/functions';
import { laneOf, listTargets, recordLanes, type TargetLanes } from '@sluice/queue';
import { OperatorInputError } from '../errors.ts';
import { unknownTarget } from '../lanes/read-targets.ts';
import type { Operator } from '../operator.ts';
import type { StateValue } from './state-value.ts';

/** An address that has state. */
export interface StatefulAddress {
  readonly id: string;
  /** Names of its values. */
  readonly names: readonly string[];
  readonly bytes: number;
}

export interface StateDeskOptions {
  /** How many lanes a function type has that no worker has used yet. */
  readonly lanes?: number | undefined;
}

/** The state of functions in one Redis. */
export class StateDesk {
  readonly #operator: Operator;
  readonly #lanesOfNew: number | undefined;
  readonly #lanes = new Map<string, number>();

  constructor(operator: Operator, { lanes }: StateDeskOptions = {}) {
    this.#operator = operator;
    this.#lanesOfNew = lanes;
  }

  /** @throws {OperatorInputError} the function type was never used */
  async get(type: string, id: string): Promise<StateValue[]> {
    const { session } = this.#operator;
    const address = addressOf(await this.#typeOf(type), id, this.#operator.keyPrefix);
    const nowMs = await this.#nowMs();
    const [read] = await readValues(session, session.epoch, [address]);
    return valuesOf({ address, values: read!.values }, nowMs);
  }

  /** Some addresses of a type, and whether these are all. */
  async list(type: string, limit: number): Promise<{ addresses: StatefulAddress[]; isAll: boolean }> {
    const seen = new Map<string, StatefulAddress>();
    for await (const page of this.#scan([await this.#typeOf(type)])) {
      for (const { address, values } of page) {
        if (seen.size === limit && !seen.has(address.id)) return { addresses: [...seen.values()], isAll: false };
        const bytes = [...values.values()].reduce((sum, { value }) => sum + value.byteLength, 0);
        seen.set(address.id, { id: address.id, names: [...values.keys()], bytes });
      }
    }
    return { addresses: [...seen.values()], isAll: true };
  }

  /** Every value of a type, or of all types. */
  async *all(type: string | undefined): AsyncGenerator<StateValue[]> {
    const types = type === undefined ? await this.#types() : [await this.#typeOf(type)];
    for await (const page of this.#scan(types)) {
      const nowMs = await this.#nowMs();
      yield page.flatMap((address) => valuesOf(address, nowMs));
    }
  }

  /**
   * Stores values; those of one address together.
   * @throws {OperatorInputError} a type was never used, and the configuration does not say how many lanes it has
   */
  async put(values: readonly StateValue[]): Promise<void> {
    const perAddress = Map.groupBy(values, ({ type, id }) => JSON.stringify([type, id]));
    const edits = [...perAddress.values()].map(async (ofAddress) => {
      const { type, id } = ofAddress[0]!;
      const address = addressOf({ target: type, lanes: await this.#lanesFor(type) }, id, this.#operator.keyPrefix);
      return { address, values: ofAddress.map(({ typename, value, ...rest }) => ({ ...rest, value: { typename, value } })) };
    });
    await editValues(this.#operator.session, await Promise.all(edits));
  }

  /** @throws {OperatorInputError} {@link put} would refuse the values */
  async check(values: readonly StateValue[]): Promise<void> {
    for (const type of new Set(values.map((value) => value.type))) await this.#expectLanes(type);
  }

  /** Answers how many there were. */
  async delete(type: string, id: string, names: readonly string[]): Promise<number> {
    const address = addressOf(await this.#typeOf(type), id, this.#operator.keyPrefix);
    return editValues(this.#operator.session, [{ address, values: names.map((name) => ({ name, value: undefined })) }]);
  }

  #scan(types: readonly TargetLanes[]): AsyncGenerator<Scanned[]> {
    const { session, keyPrefix } = this.#operator;
    return scanAddresses(session, { keyPrefix, types });
  }

  #types(): Promise<TargetLanes[]> {
    return listTargets(this.#operator.session, { keyPrefix: this.#operator.keyPrefix });
  }

  async #typeOf(type: string): Promise<TargetLanes> {
    const types = await this.#types();
    const found = types.find(({ target }) => target === type);
    if (!found) throw unknownTarget(type, types);
    return notClosed(found);
  }

  /** The lanes that a type has, or will have: then they are recorded, as a worker does at its first use. */
  async #lanesFor(type: string): Promise<number> {
    const known = this.#lanes.get(type);
    if (known !== undefined) return known;
    const { session, keyPrefix } = this.#operator;
    const lanes = await this.#expectLanes(type);
    await recordLanes(session, { keyPrefix, target: type, lanes });
    this.#lanes.set(type, lanes);
    return lanes;
  }

  async #expectLanes(type: string): Promise<number> {
    const known = (await this.#types()).find(({ target }) => target === type);
    if (known) return notClosed(known).lanes;
    if (this.#lanesOfNew !== undefined) return this.#lanesOfNew;
    throw new OperatorInputError(
      `expected a function type that a worker has used in this Redis, found ${type}; give its configuration with --config, which says how many lanes it has`,
    );
  }

  async #nowMs(): Promise<number> {
    const { session } = this.#operator;
    const [seconds, micros] = (await session.run(session.epoch, (client) => client.time())) as unknown as [string, string];
    return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  }
}

/** @throws {OperatorInputError} what the type remembers is on its way to other lanes */
function notClosed(type: TargetLanes): TargetLanes {
  if (!type.isClosed) return type;
  throw new OperatorInputError(`${type.target} is being given another number of lanes, and its state moves; try again in a moment`);
}

const addressOf = ({ target, lanes }: TargetLanes, id: string, keyPrefix: string): StateAddress => ({
  ...{ keyPrefix, target, id },
  lane: laneOf(id, lanes),
});

const valuesOf = ({ address, values }: Scanned, nowMs: number): StateValue[] =>
  [...values]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { typename, value, expiresInMs }]) => ({
      ...{ type: address.target, id: address.id, name, typename, value: Buffer.from(value) },
      ...(expiresInMs !== undefined && { expiresAtMs: nowMs + expiresInMs }),
    }));
