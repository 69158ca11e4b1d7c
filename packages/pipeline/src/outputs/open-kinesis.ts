import { type EgressDraft, finishEgress, type SluiceSettings } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import type { MessageWriter, OpenLedger } from '@sluice/egress/message-writer';
import type { EventSink, Tracing } from '@sluice/telemetry';

export interface OpenKinesisOptions {
  readonly settings: SluiceSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: EventSink;
  readonly tracing: Tracing | undefined;
  /** Where writers borrow what shards take in. @default a ledger in memory for each stream, shared by the outputs of the pipeline */
  readonly openLedger?: OpenLedger | undefined;
  /** Aborted when the pipeline gives up what is left. */
  readonly signal: AbortSignal;
  readonly onBroken: (bug: unknown) => void;
}

/** Opens the writer of an `aws_kinesis` output, with the settings of Sluice for it. */
export type OpenKinesis = (egress: EgressDraft) => Promise<Pick<MessageWriter, 'write'>>;

/** Loads what speaks to Kinesis only where a pipeline writes there. */
export function kinesisOpener({ settings, ...ports }: OpenKinesisOptions): OpenKinesis {
  let { openLedger } = ports;
  return async (draft) => {
    const { memoryLedgers, openMessageWriter } = await import('@sluice/egress/message-writer');
    openLedger ??= memoryLedgers(ports.clock);
    return openMessageWriter(finishEgress(draft, settings), { ...ports, openLedger, env: process.env, quotas: settings.quotas });
  };
}
