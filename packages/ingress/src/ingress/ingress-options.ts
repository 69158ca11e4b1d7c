import type { BackpressureSettings, Ingress, LeaseSettings, SluiceSettings } from '@sluice/config';
import type { Clock, Logger, WeightedBudget } from '@sluice/core';
import type { LaneLayout } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import type { EventSink, Tracing } from '@sluice/telemetry';
import type { PageBudget } from '../shard-reader/page-budget.ts';

/** What an ingress is made of, and what it shares with the others of its worker. */
export interface IngressOptions {
  readonly ingress: Ingress;
  /** What lanes each of its targets has; without a layout where nothing depends on it. */
  readonly lanes: ReadonlyMap<string, { readonly lanes: number; readonly layout?: LaneLayout }>;
  readonly backpressure: BackpressureSettings;
  readonly lease: LeaseSettings;
  readonly quotas: SluiceSettings['quotas'];
  readonly session: RedisSession;
  readonly keyPrefix: string;
  readonly worker: string;
  readonly env: NodeJS.ProcessEnv;
  readonly budget: PageBudget;
  readonly openings: WeightedBudget;
  /** Memory for input batches that are incomplete. */
  readonly gathered: WeightedBudget;
  readonly telemetry: EventSink;
  /** `undefined`: nothing is traced. */
  readonly tracing?: Tracing | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: () => number;
}
