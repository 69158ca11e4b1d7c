import { hash } from 'node:crypto';
import { type Clock, type RecordRows, toErrorReport } from '@sluice/core';
import type { Lease } from '@sluice/lease';
import { applyEffects } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import { type LaneTarget, sourceOfCopy } from '../lanes/lane-target.ts';

export interface StoreRefusedOptions {
  readonly targets: readonly LaneTarget[];
  readonly session: RedisSession;
  readonly keyPrefix: string;
  readonly clock: Clock;
  readonly lease: Pick<Lease, 'assertHeld'>;
  /** As the replay filter knows it. */
  readonly source: { readonly stream: string; readonly shardId: string };
}

/**
 * Stores refused records as dead letters of each target, in the form in which its lanes would have them, so that they can be redriven.
 * Their ids follow from their places: whoever stores one again stores no second one.
 * @throws {LeaseLostError} nothing was stored
 */
export async function storeRefused(options: StoreRefusedOptions, records: RecordRows, reasons: readonly Error[]): Promise<void> {
  const { targets, session, keyPrefix, clock, lease, source } = options;
  lease.assertHeld();
  for (const { sender, toMessages, copy } of targets) {
    const letters = Array.from(toMessages?.(records) ?? records, (record, index) => {
      const { sequenceNumber, subSequenceNumber } = record.origin!;
      const place = [sourceOfCopy(source.stream, copy), source.shardId, sequenceNumber, subSequenceNumber].join('\0');
      return { type: 'deadLetter', id: hash('sha1', place).slice(0, 24), record, reason: toErrorReport(reasons[index]) } as const;
    });
    await applyEffects(session, { keyPrefix, target: sender.target, lane: 0 }, { guards: [], operations: letters }, clock);
  }
}
