import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createProgressDisplay } from './progress.ts';

it('says how long it takes, unless next to nothing arrives', () => {
  expect(lineOf({ fed: 100, written: 50, rate: 10, wanted: 100 })).toMatch(
    /50 of 100 arrived {2}10\/s {2}50 under way {2}about 5\.0 s left$/,
  );
  expect(lineOf({ fed: 100, written: 50, rate: 1e-60, wanted: 100 })).toMatch(/0\/s {2}50 under way$/);
  expect(lineOf({ fed: 100, written: 50, rate: 0, wanted: 100 })).toMatch(/0\/s {2}50 under way$/);
  expect(lineOf({ fed: 100, written: 50, rate: 10 })).toBe('50 arrived  10/s  50 under way');
});

function lineOf(figures: { readonly fed: number; readonly written: number; readonly rate: number; readonly wanted?: number }): string {
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk, _, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  const others = { deadLetters: 0, inLanes: 0, isOutputTrimmed: false };
  createProgressDisplay(stream as NodeJS.WriteStream, () => 0).show({ ...figures, ...others });
  return lines.join('').trimEnd();
}
