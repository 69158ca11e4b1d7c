import { parseInterpolation } from '@sluice/bloblang-library';
import type { BloblangSource } from '@sluice/config';
import { parseGoDuration } from '@sluice/core';
import { type BuildOutput, optionsOf } from '../component.ts';
import type { Delivery } from '../delivery.ts';
import { BatchError, ComponentConfigError, MessageRejectedError } from '../errors.ts';
import { leaf } from './leaf.ts';

interface CacheOptions {
  readonly target: string;
  readonly key: BloblangSource;
  readonly ttl: BloblangSource | undefined;
  readonly max_in_flight: number;
}

/** `cache`: the content of each message under a key. */
export const cache: BuildOutput = (settings, context) => {
  const { target, key: keyText, ttl: ttlText, max_in_flight: maxInFlight } = optionsOf<CacheOptions>(settings);
  const store = context.resources.cache(target);
  if (!store) throw new ComponentConfigError(settings, `\`target\`: there is no cache \`${target}\``);
  const key = parseInterpolation(keyText.source);
  const ttl = ttlText && ttlText.source !== '' ? parseInterpolation(ttlText.source) : undefined;
  const write = async (messages: Delivery['messages']): Promise<void> => {
    const failures = new Map<number, Error>();
    for (const [index, { content }] of messages.entries()) {
      try {
        await store.set(key.evaluate(messages, index), content, ttl && lifetimeOf(ttl.evaluate(messages, index)));
      } catch (error) {
        failures.set(index, error as Error);
      }
    }
    if (failures.size > 0) throw new BatchError(failures, messages.length);
  };
  return leaf(write, settings, context, { maxInFlight });
};

/** Milliseconds; `undefined` for an empty text. */
function lifetimeOf(text: string): number | undefined {
  if (text === '') return undefined;
  const milliseconds = parseGoDuration(text);
  if (milliseconds === undefined) throw new MessageRejectedError(`\`ttl\`: expected a duration, found \`${text}\``);
  return milliseconds;
}
