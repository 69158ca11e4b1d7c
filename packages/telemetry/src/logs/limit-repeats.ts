/**
 * Keeps a failure that repeats from filling the log: the same warning or error, by message, event and labels, is written so often a minute,
 * and at the end of the minute one line tells how many more there were. Facts that differ each time, such as an attempt, do not count.
 */
import type { Clock, Logger, LogLevel } from '@sluice/core';

export interface RepeatLimit {
  readonly perMinute: () => number;
  readonly clock: Clock;
}

type Facts = Readonly<Record<string, unknown>>;

interface Repeats {
  written: number;
  left: number;
}

/** Facts of which there are few values. */
const LABELS = ['event', 'code', 'ingress', 'stream', 'egress', 'target', 'function', 'endpoint', 'group', 'outcome'];
const MINUTE_MS = 60_000;
/** Different lines that are counted at a time; beyond that, all are written. */
const MAX_LINES = 1_000;

export function limitRepeats(logger: Logger, limit: RepeatLimit): Logger {
  return limited(logger, {}, new Map(), limit);
}

function limited(logger: Logger, inherited: Facts, lines: Map<string, Repeats>, limit: RepeatLimit): Logger {
  const write = (level: LogLevel & ('warn' | 'error'), message: string, facts: Facts = {}) => {
    const labels = labelsOf({ ...inherited, ...facts });
    const line = JSON.stringify([level, message, labels]);
    const repeats = lines.get(line) ?? begin(line);
    if (!repeats || repeats.written < limit.perMinute()) {
      if (repeats) repeats.written++;
      logger[level](message, facts);
    } else repeats.left++;

    function begin(key: string): Repeats | undefined {
      if (lines.size >= MAX_LINES) return undefined;
      const fresh = { written: 0, left: 0 };
      lines.set(key, fresh);
      const timer = limit.clock.setTimeout(() => {
        lines.delete(key);
        if (fresh.left > 0) logger[level](`${message} … ${fresh.left} more like this`, { ...labelsOf(facts), repeated: fresh.left });
      }, MINUTE_MS);
      // A process does not stay for it.
      (timer as Partial<NodeJS.Timeout>).unref?.();
      return fresh;
    }
  };
  return {
    ...logger,
    warn: (message, facts) => write('warn', message, facts),
    error: (message, facts) => write('error', message, facts),
    child: (facts) => limited(logger.child(facts), { ...inherited, ...facts }, lines, limit),
  };
}

const labelsOf = (facts: Facts): Facts => Object.fromEntries(LABELS.flatMap((label) => (label in facts ? [[label, facts[label]]] : [])));
