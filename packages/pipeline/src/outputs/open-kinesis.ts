import { type EgressDraft, finishEgress, type SluiceSettings } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import type { MessageWriter } from '@sluice/egress/message-writer';
import type { EventSink, Tracing } from '@sluice/telemetry';

export interface OpenKinesisOptions {
  readonly settings: SluiceSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: EventSink;
  readonly tracing: Tracing | undefined;
  /** Aborted when the pipeline gives up what is left. */
  readonly signal: AbortSignal;
  readonly onBroken: (bug: unknown) => void;
}

/** Opens the writer of an `aws_kinesis` output, with the settings of Sluice for it. */
export type OpenKinesis = (egress: EgressDraft) => Promise<Pick<MessageWriter, 'write'>>;

/** Loads what speaks to Kinesis only where a pipeline writes there. Writers of one stream share its budgets. */
export function kinesisOpener({ settings, ...ports }: OpenKinesisOptions): OpenKinesis {
  const shared = { ...ports, env: process.env, quotas: settings.quotas, ledgers: new Map() };
  return async (draft) => {
    const { openMessageWriter } = await import('@sluice/egress/message-writer');
    return openMessageWriter(finishEgress(draft, settings), shared);
  };
}
