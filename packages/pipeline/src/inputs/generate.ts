import type { Mapping, Message } from '@sluice/bloblang';
import { parseMapping } from '@sluice/bloblang-library';
import type { BloblangSource, ComponentSettings } from '@sluice/config';
import { parseGoDuration, sleep } from '@sluice/core';
import { type BuildInput, type ComponentContext, optionsOf } from '../component.ts';
import { ComponentConfigError } from '../errors.ts';
import { leaf } from './leaf.ts';

interface GenerateOptions {
  readonly mapping: BloblangSource;
  readonly interval: string;
  readonly count: number;
  readonly batch_size: number;
}

const EMPTY: Message = { content: new Uint8Array(), metadata: {} };

/** `generate`: messages that a mapping makes; those that it drops, or fails to make, do not count. */
export const generate: BuildInput = (settings, context) => {
  const { mapping: source, interval, count, batch_size: batchSize } = optionsOf<GenerateOptions>(settings);
  const mapping = parseMapping(source.source);
  const pauseMs = pauseOf(interval, settings);
  const logger = context.logger.child({ path: settings.path });
  return leaf(
    async (deliver, signal) => {
      let left = count > 0 ? count : Number.POSITIVE_INFINITY;
      for (let isFirst = true; left > 0 && !signal.aborted; isFirst = false) {
        if (!isFirst) await pause(context, pauseMs, signal);
        if (signal.aborted) return;
        const messages = make(mapping, Math.min(batchSize, left), logger);
        left -= messages.length;
        if (messages.length > 0) await deliver({ messages, settle: () => undefined });
      }
    },
    settings,
    context,
    { replays: true },
  );
};

function make(mapping: Mapping, size: number, logger: ComponentContext['logger']): Message[] {
  return Array.from({ length: size }).flatMap(() => {
    const outcome = mapping.map([EMPTY], 0);
    if (outcome.kind === 'failed') logger.error('mapping failed to make a message', { reason: outcome.error.message });
    return outcome.kind === 'mapped' ? outcome.message : [];
  });
}

/** Without a pause, others still have their turn. */
const pause = ({ clock }: ComponentContext, delayMs: number, signal: AbortSignal): Promise<void> =>
  delayMs === 0 ? new Promise((resolve) => setImmediate(resolve)) : sleep(clock, delayMs, signal).catch(() => undefined);

function pauseOf(interval: string, settings: ComponentSettings): number {
  const text = interval.replace(/^@every /, '');
  const pauseMs = text === '' ? 0 : parseGoDuration(text);
  if (pauseMs === undefined)
    throw new ComponentConfigError(settings, `\`interval\`: expected a duration or \`@every\` and a duration, found \`${interval}\``);
  return pauseMs;
}
