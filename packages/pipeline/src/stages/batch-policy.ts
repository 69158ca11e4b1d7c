import { type BatchPolicy, hasTrigger, isNoop } from '@sluice/batcher';
import type { Message } from '@sluice/bloblang';
import { parseMapping } from '@sluice/bloblang-library';
import type { BloblangSource, ProcessorSettings } from '@sluice/config';
import type { ComponentContext } from '../component.ts';
import type { Deliver } from '../delivery.ts';
import { ComponentConfigError, type Located } from '../errors.ts';
import { type Batching, batching } from './batching.ts';
import { throughChain } from './through-chain.ts';

/** A batch policy as its schema yields it. */
export interface PolicyOptions {
  readonly count: number;
  readonly byte_size: number;
  /** Milliseconds. */
  readonly period: number;
  readonly check: BloblangSource;
  readonly processors: readonly ProcessorSettings[] | undefined;
}

/**
 * What batches by a policy in front of a stage, with the processors of the policy; `undefined` where it asks for no batches.
 * @throws {ComponentConfigError} processors without anything that could make a batch leave
 */
export function batchingBy(options: PolicyOptions, next: Deliver, settings: Located, context: ComponentContext): Batching | undefined {
  const { count, byte_size: byteSize, period: periodMs, processors = [] } = options;
  const check = options.check.source === '' ? undefined : checkOf(options.check);
  const policy: BatchPolicy<Message> = { count, byteSize, periodMs, ...(check && { check }) };
  if (isNoop(policy, processors.length > 0)) return undefined;
  if (!hasTrigger(policy))
    throw new ComponentConfigError(settings, 'a batch policy needs at least one of `count`, `byte_size`, `period` and `check`');
  const logger = context.logger.child({ path: settings.path });
  context.telemetry.startAtZero({ batching: settings.path });
  return batching(policy, processors.length > 0 ? throughChain(context.chain(processors), next, context) : next, {
    clock: context.clock,
    onBatch: (mechanism) => context.telemetry.emit({ type: 'batch.created', batching: settings.path, mechanism }),
    onCheckError: (error) => logger.error('check of a batch policy failed', { reason: (error as Error).message }),
  });
}

/** Asks the newest message, which sees the whole batch. */
function checkOf({ source }: BloblangSource): (batch: readonly Message[]) => boolean {
  const mapping = parseMapping(source);
  return (batch) => mapping.check(batch, batch.length - 1);
}
