import type { SluiceConfig } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import type { RedisSession } from '@sluice/redis';
import type { EventSink, Tracing } from '@sluice/telemetry';
import type { EgressEffect } from './answer/effects.ts';
import type { Slots } from './function/slots.ts';

/** What all functions of a worker share. */
export interface FunctionsContext {
  readonly config: SluiceConfig;
  readonly session: RedisSession;
  readonly keyPrefix: string;
  /** The name of this worker in leases. */
  readonly worker: string;
  readonly slots: Slots;
  /** What the messages in hand of one function type may take. */
  readonly budgetBytes: number;
  readonly telemetry: EventSink;
  /** `undefined`: nothing is traced. */
  readonly tracing?: Tracing | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Egress records that were committed. */
  readonly onEgress: (effects: readonly EgressEffect[]) => void;
}
