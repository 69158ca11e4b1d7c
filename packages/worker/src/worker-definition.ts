import type { PortSettings, SluiceConfig, WorkerRole } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import type { RedisSession } from '@sluice/redis';
import type { EventSink, KnownLabels } from '@sluice/telemetry';
import type { PartId, PartLogic } from './root/part.ts';

/** A kind of worker: what it is called, and what it does for a configuration. */
export interface WorkerDefinition {
  /** Its name, in logs and on the command line. */
  readonly app: WorkerRole;
  readonly description: string;
  readonly port: keyof PortSettings;
  /**
   * What the configuration asks of this worker.
   * @throws {NothingToDoError} the configuration asks for nothing
   */
  plan(config: SluiceConfig): WorkerPlan;
}

export interface WorkerPlan {
  /** Labels whose counters start at 0. */
  readonly labels: readonly KnownLabels[];
  /** Called once Redis is connected. */
  createParts(context: PartContext): ReadonlyMap<PartId, PartLogic>;
}

export interface PartContext {
  readonly config: SluiceConfig;
  readonly env: NodeJS.ProcessEnv;
  readonly session: RedisSession;
  readonly workerId: string;
  readonly telemetry: EventSink;
  readonly logger: Logger;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
}
