import { createLogUpdate } from 'log-update';
import type { WorkerFigures } from './worker-metrics.ts';

export interface ProgressFigures extends WorkerFigures {
  readonly fed: number;
  /** Records waiting or in hand in all lanes. */
  readonly inLanes: number;
  /** Records confirmed a second, since the figures before. */
  readonly rate: number;
}

/** Shows the newest figures: redrawn in place on a terminal, a line every few seconds elsewhere. */
export interface ProgressDisplay {
  show(figures: ProgressFigures): void;
  done(): void;
}

const LINE_EVERY_MS = 2_000;

export function createProgressDisplay(stream: NodeJS.WriteStream, now: () => number): ProgressDisplay {
  if (!stream.isTTY) return lineDisplay(stream, now);
  const update = createLogUpdate(stream);
  return { show: (figures) => update(progressLine(figures)), done: () => update.done() };
}

function lineDisplay(stream: NodeJS.WriteStream, now: () => number): ProgressDisplay {
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    show: (figures) => {
      if (now() - lastAt < LINE_EVERY_MS) return;
      lastAt = now();
      stream.write(`${progressLine(figures)}\n`);
    },
    done: () => undefined,
  };
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US');

export const progressLine = ({ fed, read, inLanes, written, rate, lagSeconds, deadLettered }: ProgressFigures): string =>
  [
    `fed ${whole(fed)}`,
    `in ${whole(read)}`,
    `in lanes ${whole(inLanes)}`,
    `out ${whole(written)}`,
    `${whole(rate)} records/s`,
    `lag ${lagSeconds.toFixed(1)} s`,
    ...(deadLettered > 0 ? [`dead letters ${whole(deadLettered)}`] : []),
  ].join('  │  ');
