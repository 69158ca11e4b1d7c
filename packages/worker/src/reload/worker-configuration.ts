import type { LoadedConfig, SluiceConfig, SluiceSettings } from '@sluice/config';
import type { KnownLabels } from '@sluice/telemetry';
import { ReloadUnsafeError } from '../errors.ts';
import type { PartId, PartLogic, PartPlans } from '../root/part.ts';
import { type PartUse, usesOf } from '../uses/part-use.ts';
import type { PartContext, WorkerDefinition } from '../worker-definition.ts';
import { isSame } from './is-same.ts';
import type { Reload, ShutdownLimits } from './reload.ts';
import { unsafeChanges } from './unsafe-changes.ts';

/** Where a configuration comes from. */
export interface ConfigSource {
  /** Reads and checks it anew. */
  load(): Promise<Pick<LoadedConfig, 'config' | 'problems'>>;
  /** The files that it is made of, as they are named. */
  files(): readonly string[];
}

/** The configuration that is in force, and what it asks of each part. */
export class WorkerConfiguration {
  readonly #definition: WorkerDefinition;
  #config: SluiceConfig;
  #plans: PartPlans = new Map();
  #planParts: (config: SluiceConfig) => PartPlans = () => new Map();

  constructor(definition: WorkerDefinition, config: SluiceConfig) {
    this.#definition = definition;
    this.#config = config;
  }

  get settings(): SluiceSettings {
    return this.#config.settings;
  }

  /** What it makes of the ids that it runs. */
  get uses(): readonly PartUse[] {
    return usesOf(this.#config, this.#definition.app);
  }

  /** For how long a batch policy lets records wait at most. */
  get longestPeriodMs(): number {
    return Math.max(0, ...this.#config.egresses.map(({ batching }) => batching?.periodMs ?? 0));
  }

  /** @throws {NothingToDoError} the configuration asks nothing of this worker */
  labels(): readonly KnownLabels[] {
    return this.#definition.labels(this.#config);
  }

  /** Every part, when Redis is connected. Throws where one cannot work as configured. */
  open(context: PartContext): ReadonlyMap<PartId, PartLogic> {
    this.#planParts = this.#definition.openParts(context);
    this.#plans = this.#planParts(this.#config);
    return new Map([...this.#plans].map(([id, { create }]) => [id, create()]));
  }

  /**
   * Puts another configuration in force, or nothing of it.
   * @throws {ReloadUnsafeError} it changes what needs a restart
   * @throws {NothingToDoError} it asks nothing of this worker
   */
  replace(config: SluiceConfig): Reload {
    const unsafe = unsafeChanges(this.#config, config);
    if (unsafe.length > 0) throw new ReloadUnsafeError(unsafe);
    this.#definition.labels(config);
    const plans = this.#planParts(config);
    const before = this.#plans;
    const stays = (id: PartId) => before.has(id) && plans.has(id) && isSame(before.get(id)!.basis, plans.get(id)!.basis);
    const reload: Reload = {
      ...shutdownLimitsOf(config),
      isUnchanged: isSame(this.#config, config),
      leaving: [...before.keys()].filter((id) => !stays(id)),
      starting: new Map([...plans].filter(([id]) => !stays(id)).map(([id, { create }]) => [id, create()])),
    };
    this.#config = config;
    this.#plans = plans;
    return reload;
  }
}

export const shutdownLimitsOf = ({ settings: { shutdown } }: SluiceConfig): ShutdownLimits => ({
  shutdownDelayMs: shutdown.delayMs,
  shutdownTimeoutMs: shutdown.timeoutMs,
});
