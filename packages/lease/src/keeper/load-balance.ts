import type { Clock, Logger } from '@sluice/core';
import type { Lease } from '../lease.ts';
import type { LeaseStore } from '../lease-store.ts';
import type { LeasePlan } from '../plan/plan-leases.ts';
import type { PlannedRow } from '../plan/planned-row.ts';
import { reliefOf } from '../plan/relief.ts';

export interface LoadBalanceOptions {
  readonly store: Pick<LeaseStore, 'epoch' | 'reportLoads'>;
  readonly group: string;
  readonly worker: string;
  readonly loadOf?: (lease: Lease) => number | undefined;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly logger: Logger;
}

const REPORT_MS = 10_000;
/** Between two rows that a worker gives away for their load: the loads of both workers are then measured anew. */
const RELIEF_MS = 60_000;

/** A worker's part in evening out what the rows of its group give to do: it tells what it measures, and gives away what is too much. */
export class LoadBalance {
  readonly #options: LoadBalanceOptions;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #relievedAt = Number.NEGATIVE_INFINITY;

  constructor(options: LoadBalanceOptions) {
    this.#options = options;
  }

  get isDue(): boolean {
    return this.#options.loadOf !== undefined && this.#options.clock.monotonic() - this.#reportedAt >= REPORT_MS;
  }

  async report(leases: readonly Lease[]): Promise<void> {
    const { store, loadOf, clock } = this.#options;
    this.#reportedAt = clock.monotonic();
    const loads = leases.flatMap((lease) => {
      const load = loadOf?.(lease);
      return load === undefined ? [] : [{ key: lease.key, token: lease.token, load }];
    });
    await store.reportLoads(store.epoch, loads);
  }

  /** At most one row, and none for a while after one. */
  relief(rows: readonly PlannedRow[], members: readonly string[]): LeasePlan['release'] {
    const { worker, group, loadOf, clock, logger } = this.#options;
    const now = clock.monotonic();
    if (!loadOf || now - this.#relievedAt < RELIEF_MS) return [];
    const relief = reliefOf(rows, members, worker);
    if (!relief) return [];
    this.#relievedAt = now;
    logger.info('gives a lease to a worker that has less to do', { group, lease: relief.key, successor: relief.successor });
    return [relief];
  }
}
