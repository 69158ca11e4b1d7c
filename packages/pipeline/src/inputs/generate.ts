import type { Mapping, Message } from '@sluice/bloblang';
import { parseMapping } from '@sluice/bloblang-library';
import type { BloblangSource } from '@sluice/config';
import { sleep } from '@sluice/core';
import { type BuildInput, type ComponentContext, optionsOf } from '../component.ts';
import { leaf } from './leaf.ts';
import { ticksOf } from './ticks.ts';

interface GenerateOptions {
  readonly mapping: BloblangSource;
  readonly interval: string;
  readonly count: number;
  readonly batch_size: number;
}

/** Before the mapping is tried again that made nothing but failures. */
const PAUSE_MS = 100;

const EMPTY: Message = { content: new Uint8Array(), metadata: {} };

/** `generate`: messages that a mapping makes; those that it drops, or fails to make, do not count. */
export const generate: BuildInput = (settings, context) => {
  const { mapping: source, interval, count, batch_size: batchSize } = optionsOf<GenerateOptions>(settings);
  const mapping = parseMapping(source.source);
  const nextTick = ticksOf(interval, settings, context.clock);
  const logger = context.logger.child({ path: settings.path });
  return leaf(
    async (deliver, signal) => {
      let left = count > 0 ? count : Number.POSITIVE_INFINITY;
      while (left > 0 && !signal.aborted) {
        await nextTick(signal);
        if (signal.aborted) return;
        const { messages, hasFailed } = make(mapping, Math.min(batchSize, left), logger);
        left -= messages.length;
        if (messages.length > 0) await deliver({ messages, settle: () => undefined });
        else if (hasFailed) await sleep(context.clock, PAUSE_MS, signal).catch(() => undefined);
      }
    },
    settings,
    context,
    { replays: true },
  );
};

/** A batch. The mapping sees the first message of it, and starts from that, once there is one. */
function make(mapping: Mapping, size: number, logger: ComponentContext['logger']): { messages: Message[]; hasFailed: boolean } {
  const messages: Message[] = [];
  let hasFailed = false;
  for (let turn = 0; turn < size; turn++) {
    const outcome = mapping.map(messages.length > 0 ? messages : [EMPTY], 0);
    if (outcome.kind === 'mapped') messages.push(outcome.message);
    if (outcome.kind !== 'failed') continue;
    hasFailed = true;
    logger.error('mapping failed to make a message', { reason: outcome.error.message });
  }
  return { messages, hasFailed };
}
