import type { PortSettings, SluiceConfig, WorkerRole } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import type { RedisSession } from '@sluice/redis';
import type { CustomMetrics, EventSink, KnownLabels, Tracing } from '@sluice/telemetry';
import type { PartPlans } from './root/part.ts';

/** A kind of worker: what it is called, and what it does for a configuration. */
export interface WorkerDefinition {
  /** Its name, in logs and on the command line. */
  readonly app: WorkerRole;
  readonly description: string;
  readonly port: keyof PortSettings;
  /**
   * Labels whose counters start at 0.
   * @throws {NothingToDoError} the configuration asks nothing of this worker
   */
  labels(config: SluiceConfig): readonly KnownLabels[];
  /** Called once Redis is connected. Answers what a configuration asks of each part; what parts share outlasts a configuration. */
  openParts(context: PartContext): (config: SluiceConfig) => PartPlans;
}

export interface PartContext {
  readonly keyPrefix: string;
  readonly env: NodeJS.ProcessEnv;
  readonly session: RedisSession;
  readonly workerId: string;
  readonly telemetry: EventSink;
  /** For metrics that the configuration defines. */
  readonly customMetrics: CustomMetrics;
  /** `undefined`: nothing is traced. */
  readonly tracing: Tracing | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
}
