import type { Mapping } from '@sluice/bloblang';
import { parseMapping } from '@sluice/bloblang-library';
import type { BloblangSource, ComponentSettings } from '@sluice/config';
import { sleep } from '@sluice/core';
import { BloblangError } from '@sluice/values';
import { type BuildInput, type ComponentContext, optionsOf } from '../component.ts';
import type { Delivery } from '../delivery.ts';
import { ComponentConfigError } from '../errors.ts';

interface ReadUntilOptions {
  readonly input: ComponentSettings;
  readonly check: BloblangSource;
  /** Milliseconds; 0: none. */
  readonly idle_timeout: number;
  readonly restart_input: boolean;
}

/** Before an input that has ended is read anew. */
const RESTART_MS = 100;

/**
 * `read_until`: reads an input to the first batch whose first message passes a check, which is still delivered, or until nothing comes for
 * a while. A check that fails is not passed.
 */
export const readUntil: BuildInput = (settings, context) => {
  const { input: child, check: source, idle_timeout: idleMs, restart_input: restarts } = optionsOf<ReadUntilOptions>(settings);
  if (source.source === '' && idleMs === 0)
    throw new ComponentConfigError(settings, 'expected `check` or `idle_timeout`, since nothing else ends a `read_until`; found neither');
  const input = context.input(child);
  const check = source.source === '' ? undefined : parseMapping(source.source);
  return async (deliver, signal) => {
    const found = new AbortController();
    const both = AbortSignal.any([signal, found.signal]);
    const idle = idleWatch(idleMs, () => found.abort(), context);
    do {
      await input(async (delivery) => {
        idle.stop();
        if (check && passes(check, delivery)) found.abort();
        await deliver(delivery);
        idle.start();
      }, both);
      if (restarts && !both.aborted) await sleep(context.clock, RESTART_MS, both).catch(() => undefined);
    } while (restarts && !both.aborted);
    idle.stop();
  };
};

function idleWatch(idleMs: number, onIdle: () => void, { clock }: ComponentContext) {
  let timer: unknown;
  const watch = {
    start: () => {
      if (idleMs > 0) timer = clock.setTimeout(onIdle, idleMs);
    },
    stop: () => clock.clearTimeout(timer),
  };
  watch.start();
  return watch;
}

function passes(check: Mapping, { messages }: Delivery): boolean {
  try {
    return check.check(messages, 0);
  } catch (error) {
    if (error instanceof BloblangError) return false;
    throw error;
  }
}
