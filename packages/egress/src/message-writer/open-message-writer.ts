/** Opens what writes messages to the stream of an egress in this process: with its ordering, aggregation, off-loading and budgets, without lanes. */
import type { Egress, SluiceSettings } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import { createAwsClientSettings, customEndpoint, enforcesQuotas } from '@sluice/credentials';
import { createKinesisClient } from '@sluice/kinesis';
import { bindEgress, type EventSink, type Tracing } from '@sluice/telemetry';
import { compileKeys, compileWriting } from '../compile/compile-egress.ts';
import { openWriter, type StreamBudgets } from '../egress/open-writer.ts';
import type { KeyRules } from '../egress-writer/record-encoder.ts';
import type { WriterHealth } from '../egress-writer/record-writer.ts';

import { openLargeRecords } from '../open-large-records.ts';
import type { BudgetLedger } from '../shard-budget/budget-ledger.ts';
import { createMemoryBudgetLedger } from '../shard-budget/memory-budget-ledger.ts';
import { MessageWriter } from './message-writer.ts';

export interface MessageWriterPorts {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: EventSink;
  /** `undefined`: nothing is traced. */
  readonly tracing: Tracing | undefined;
  readonly quotas: SluiceSettings['quotas'];
  readonly openLedger: OpenLedger;
  /** Aborted when the writer is to stop: nothing further starts, and what is in hand stays without an answer. */
  readonly signal: AbortSignal;
  /** A bug. */
  readonly onBroken: (error: unknown) => void;
}

/** Opens the budgets of a stream, which all its writers share. @param isEnforced whether the endpoint is known to enforce the quotas */
export type OpenLedger = (stream: string, isEnforced: boolean) => BudgetLedger;

/** The messages bring their keys, computed over their batch. */
const KEYS_OF_RECORDS: KeyRules = { partitionKey: 'record', hashKey: 'record' };

/**
 * Finds the stream, and answers what writes to it until the signal is aborted. Processors and batches are the caller's.
 * @throws {SluiceError} the stream is not there, cannot be reached, or does not do what the egress promises
 */
export async function openMessageWriter(egress: Egress, ports: MessageWriterPorts): Promise<MessageWriter> {
  const { env, clock, signal, telemetry, onBroken } = ports;
  const logger = ports.logger.child({ egress: egress.id });
  const opened = new DisposableStack();
  try {
    const sink = opened.use(createKinesisClient(await createAwsClientSettings(egress.aws, { env, clock, logger })));
    const largeRecords = egress.oversize && opened.use(await openLargeRecords(egress.oversize, { env, clock, logger }));
    const writing = { ...compileWriting(egress), keys: KEYS_OF_RECORDS, lanes: 0, batching: undefined, processing: undefined };
    const emit = bindEgress(telemetry.emit, { egress: egress.id });
    const writer = await openWriter(
      writing,
      sink,
      { ...ports, ...{ largeRecords, logger, emit, random: Math.random, budgets: budgetsOf(egress, ports) } },
      signal,
    );
    opened.defer(writer.run((health) => note(health, logger, onBroken)));
    signal.addEventListener('abort', () => opened.dispose(), { once: true });
    const stream = egress.stream.type === 'fixed' ? egress.stream.stream : egress.id;
    return new MessageWriter({ ...{ writer, stream, clock }, keys: compileKeys(egress) });
  } catch (error) {
    opened.dispose();
    throw error;
  }
}

/** Ledgers in memory, one for each stream. */
export function memoryLedgers(clock: Clock): OpenLedger {
  const ledgers = new Map<string, BudgetLedger>();
  return (stream, isEnforced) => {
    const place = `${isEnforced} ${stream}`;
    const ledger = ledgers.get(place) ?? createMemoryBudgetLedger({ isEnforced, clock });
    ledgers.set(place, ledger);
    return ledger;
  };
}

function budgetsOf({ aws }: Egress, { quotas, env, openLedger }: MessageWriterPorts): StreamBudgets {
  const isEnforced = quotas === 'always' || enforcesQuotas(customEndpoint(aws, { env }));
  return { isEnforced, open: (stream) => openLedger(stream, isEnforced) };
}

function note(health: WriterHealth, logger: Logger, onBroken: (error: unknown) => void): void {
  if (health.type === 'requests.broken') onBroken(health.error);
  else if (health.type === 'requests.answered') logger.info('kinesis answers again');
  else logger.warn('kinesis does not answer; what is in hand is tried again', { code: health.error.code, reason: health.error.message });
}
