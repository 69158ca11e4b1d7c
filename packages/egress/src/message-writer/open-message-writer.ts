/** Opens what writes messages to the stream of an egress in this process: with its ordering, aggregation, off-loading and budgets, without lanes. */
import type { Egress, SluiceSettings } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import { createAwsClientSettings, customEndpoint } from '@sluice/credentials';
import { createKinesisClient } from '@sluice/kinesis';
import { bindEgress, type EventSink, type Tracing } from '@sluice/telemetry';
import { compileKeys, compileWriting } from '../compile/compile-egress.ts';
import { openWriter, type StreamBudgets } from '../egress/open-writer.ts';
import type { KeyRules } from '../egress-writer/record-encoder.ts';
import type { WriterHealth } from '../egress-writer/record-writer.ts';
import { enforcesQuotas } from '../enforces-quotas.ts';
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
  /** Of all writers that share the budgets of streams; {@link MessageWriterPorts} of one process have the same. */
  readonly ledgers: Map<string, BudgetLedger>;
  /** Aborted when the writer is to stop: nothing further starts, and what is in hand stays without an answer. */
  readonly signal: AbortSignal;
  /** A bug. */
  readonly onBroken: (error: unknown) => void;
}

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

/** One ledger for all writers of a stream in this process. */
function budgetsOf({ aws }: Egress, { quotas, env, clock, ledgers }: MessageWriterPorts): StreamBudgets {
  const endpoint = customEndpoint(aws, { env });
  const isEnforced = quotas === 'always' || enforcesQuotas(endpoint);
  return {
    isEnforced,
    open: (stream) => {
      const place = `${endpoint ?? ''} ${stream}`;
      const ledger = ledgers.get(place) ?? createMemoryBudgetLedger({ isEnforced, clock });
      ledgers.set(place, ledger);
      return ledger;
    },
  };
}

function note(health: WriterHealth, logger: Logger, onBroken: (error: unknown) => void): void {
  if (health.type === 'requests.broken') onBroken(health.error);
  else if (health.type === 'requests.answered') logger.info('kinesis answers again');
  else logger.warn('kinesis does not answer; what is in hand is tried again', { code: health.error.code, reason: health.error.message });
}
