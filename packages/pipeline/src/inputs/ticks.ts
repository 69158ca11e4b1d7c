/** When the next batch is made. */
import type { ComponentSettings } from '@sluice/config';
import { type Clock, parseGoDuration, sleep } from '@sluice/core';
import { Cron } from 'croner';
import { ComponentConfigError } from '../errors.ts';
import { cronPattern } from './cron-pattern.ts';

/** Resolves when it is time for the next batch, or `signal` is aborted. Called once for each batch, one call after the other. */
export type Ticks = (signal: AbortSignal) => Promise<void>;

/**
 * The ticks of an `interval`. Without one, as fast as they are asked for. A duration begins at once and ticks at its rate: of those that were
 * missed one is made up for. `@every` and cron expressions begin at their first time, in UTC unless `TZ=` says otherwise; each of their times
 * ticks, late where it has to be.
 * @throws {ComponentConfigError} it is none of these, or a time that never comes
 */
export function ticksOf(interval: string, settings: ComponentSettings, clock: Clock): Ticks {
  if (interval === '') return everyTurn();
  const periodMs = parseGoDuration(interval);
  if (periodMs !== undefined) return periodMs > 0 ? periodic(periodMs, clock) : everyTurn();
  const every = /^@every (.*)$/s.exec(interval)?.[1];
  const next = every === undefined ? cronTimes(interval, settings) : wholeSeconds(every, interval, settings);
  return scheduled(next, clock);
}

/** The time of the tick after `timeMs`. */
type Next = (timeMs: number) => number;

/** Others still have their turn. */
function everyTurn(): Ticks {
  let isFirst = true;
  return async () => {
    if (!isFirst) await new Promise((resolve) => setImmediate(resolve));
    isFirst = false;
  };
}

function periodic(periodMs: number, clock: Clock): Ticks {
  const startMs = clock.monotonic();
  let dueMs = startMs;
  return async (signal) => {
    await until(dueMs, () => clock.monotonic(), clock, signal);
    const missed = Math.floor((clock.monotonic() - startMs) / periodMs);
    dueMs = Math.max(dueMs + periodMs, startMs + (dueMs === startMs ? 1 : missed + 1) * periodMs);
  };
}

function scheduled(next: Next, clock: Clock): Ticks {
  let dueMs = next(clock.now());
  return async (signal) => {
    await until(dueMs, () => clock.now(), clock, signal);
    dueMs = next(dueMs);
  };
}

/** Timers of the platform reach 24 days. */
const LONGEST_SLEEP_MS = 86_400_000;

async function until(dueMs: number, nowMs: () => number, clock: Clock, signal: AbortSignal): Promise<void> {
  for (let leftMs = dueMs - nowMs(); leftMs > 0 && !signal.aborted; leftMs = dueMs - nowMs())
    await sleep(clock, Math.min(Math.ceil(leftMs), LONGEST_SLEEP_MS), signal).catch(() => undefined);
}

function wholeSeconds(every: string, interval: string, settings: ComponentSettings): Next {
  const durationMs = parseGoDuration(every);
  if (durationMs === undefined) throw unreadable(interval, settings, 'behind `@every` stands no duration');
  const seconds = Math.max(1, Math.floor(durationMs / 1_000));
  return (timeMs) => (Math.floor(timeMs / 1_000) + seconds) * 1_000;
}

function cronTimes(interval: string, settings: ComponentSettings): Next {
  const cron = parse(interval, settings);
  return (timeMs) => {
    const found = cron.nextRun(new Date(timeMs));
    if (!found) throw unreadable(interval, settings, 'there is no such time');
    return found.getTime();
  };
}

function parse(interval: string, settings: ComponentSettings): Cron {
  const { pattern, timeZone } = cronPattern(interval);
  if (pattern === undefined) throw unreadable(interval, settings, 'it has other fields than those of cron');
  try {
    // Without a function it computes times only.
    const cron = new Cron(pattern, { timezone: timeZone, mode: '5-or-6-parts' });
    cron.nextRun();
    return cron;
  } catch (error) {
    throw unreadable(interval, settings, (error as Error).message, error);
  }
}

const unreadable = (interval: string, settings: ComponentSettings, reason: string, cause?: unknown): ComponentConfigError =>
  new ComponentConfigError(
    settings,
    `\`interval\`: expected a duration, \`@every\` and a duration, or a cron expression, found \`${interval}\`: ${reason}`,
    cause,
  );
