import type { Logger } from '@sluice/core';
import { freeResource, type LeaseResource } from '@sluice/lease';
import { laneLeaseKey, type RedisSession } from '@sluice/redis';
import { type ConfiguredLanes, readLaneCount, recordLanes, type TargetLanes } from './lane-count.ts';

export interface LaneRosterOptions extends ConfiguredLanes {
  readonly session: RedisSession;
  readonly logger: Logger;
}

/** The lanes that the workers of a target share out: as many as there are now, also after an operator changed their number. */
export interface LaneRoster {
  /** As last seen. */
  readonly lanes: number;
  /**
   * Records the number at the target's first use.
   * @throws {LaneCountMismatchError} another number is recorded, and no operator changed it
   * @throws {LaneLayoutMismatchError} the lanes are to be laid by shard, are used, and are laid by key
   */
  open(): Promise<void>;
  /** Their lease rows, as they are now. */
  resources(): Promise<readonly LeaseResource[]>;
  /** The lane whose lease row has that key. */
  laneOf(leaseKey: string): number;
}

export function createLaneRoster({ session, keyPrefix, target, lanes: configured, layout, logger }: LaneRosterOptions): LaneRoster {
  let lanes = configured;
  const note = (now: number) => {
    if (now !== lanes) warnOfNumber(logger, { target, lanes: now, configured });
    lanes = now;
  };
  return {
    get lanes() {
      return lanes;
    },
    async open() {
      note((await recordLanes(session, { keyPrefix, target, lanes: configured, layout })).lanes);
    },
    async resources() {
      note((await readLaneCount(session, { keyPrefix, target })) || lanes);
      return Array.from({ length: lanes }, (_, lane) => freeResource(laneLeaseKey({ keyPrefix, target, lane })));
    },
    laneOf: (leaseKey) => Number(/\/(\d+)\}:lease$/.exec(leaseKey)![1]),
  };
}

/** Says that the number of an operator counts, where another one is configured. */
export function warnOfNumber(logger: Logger, { target, lanes, configured }: TargetLanes & { readonly configured: number }): void {
  if (lanes === configured) logger.info('a target has the number of lanes that is configured', { target, lanes });
  else logger.warn('an operator gave a target another number of lanes than is configured; configure it', { target, lanes, configured });
}
