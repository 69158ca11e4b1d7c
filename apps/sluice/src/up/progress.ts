import { createLogUpdate } from 'log-update';
import { barOf } from '../terminal/bar.ts';
import { countText, durationText } from '../terminal/quantities.ts';
import type { Figures } from './figures.ts';

export interface Progress extends Figures {
  /** Records that are to be fed in all; absent where feeding goes on until it is stopped. */
  readonly wanted?: number;
  /** Records that arrive a second. */
  readonly rate: number;
}

/** Shows the newest figures: redrawn in place on a terminal, a line every few seconds elsewhere. */
export interface ProgressDisplay {
  show(progress: Progress): void;
  /** A line that stays, above the figures. */
  note(text: string): void;
  done(): void;
}

const LINE_EVERY_MS = 2_000;

export function createProgressDisplay(stream: NodeJS.WriteStream, now: () => number): ProgressDisplay {
  if (!stream.isTTY) return lineDisplay(stream, now);
  const update = createLogUpdate(stream);
  return {
    show: (progress) => update(progressLine(progress)),
    note: (text) => {
      update.clear();
      stream.write(`${text}\n`);
    },
    done: () => update.done(),
  };
}

function lineDisplay(stream: NodeJS.WriteStream, now: () => number): ProgressDisplay {
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    show: (progress) => {
      if (now() - lastAt < LINE_EVERY_MS) return;
      lastAt = now();
      stream.write(`${progressLine(progress)}\n`);
    },
    note: (text) => stream.write(`${text}\n`),
    done: () => undefined,
  };
}

/** Where next to nothing arrives, what is left cannot be told. */
const LONGEST_GUESS_MS = 24 * 3_600_000;

/** `█████░░░░░ 12,000 of 20,000 arrived  1,950/s  about 4 s left`. Without an end to be reached there is neither bar nor time left. */
function progressLine({ wanted, fed, written, deadLetters, rate }: Progress): string {
  const arrived = written + deadLetters;
  const total = wanted ?? fed;
  const parts = [
    wanted === undefined
      ? `${countText(arrived)} arrived`
      : `${barOf(arrived, wanted)} ${countText(arrived)} of ${countText(wanted)} arrived`,
    `${countText(Math.round(rate))}/s`,
    `${countText(Math.max(0, fed - arrived))} under way`,
  ];
  const leftMs = ((total - arrived) / rate) * 1_000;
  if (wanted !== undefined && leftMs > 0 && leftMs < LONGEST_GUESS_MS) parts.push(`about ${durationText(leftMs)} left`);
  if (deadLetters > 0) parts.push(`${countText(deadLetters)} dead letters`);
  return parts.join('  ');
}
