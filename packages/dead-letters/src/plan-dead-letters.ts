import type { PartPlan } from '@sluice/actor-kit';
import type { SluiceConfig } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import type { RedisSession } from '@sluice/redis';
import type { EventSink } from '@sluice/telemetry';
import { createDeadLetters, type DeadLettersLogic } from './dead-letters.ts';
import { openOutput } from './output/open-output.ts';

export interface DeadLettersOptions {
  readonly session: RedisSession;
  readonly keyPrefix: string;
  /** The name of this worker in leases. */
  readonly worker: string;
  readonly env: NodeJS.ProcessEnv;
  readonly telemetry: EventSink;
  readonly logger: Logger;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** A worker's part in the dead letters; `undefined` where they have no output and no limit: they wait in Redis for an operator. */
export function planDeadLetters({ settings }: SluiceConfig, options: DeadLettersOptions): PartPlan<DeadLettersLogic> | undefined {
  const { deadLetters, lease } = settings;
  const { output, maxAgeMs, maxBytes } = deadLetters;
  if (!output && maxAgeMs === undefined && maxBytes === undefined) return undefined;
  return {
    basis: { deadLetters, lease },
    create: () =>
      createDeadLetters({
        ...options,
        lease,
        limits: { maxAgeMs, maxBytes },
        openOutput: output && ((signal) => openOutput(output, options, signal)),
      }),
  };
}
