import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { endOnSignalsWhileLoading } from './loading-signals.ts';

it.each(['SIGTERM', 'SIGINT'] as const)('%s while loading ends at once, with 0 and a message', (signal) => {
  const { process, outcome } = loading();
  process.emit(signal, signal);
  expect(outcome).toEqual([`stopped by ${signal} while loading; nothing was started`, 0]);
});

it('hands the signals over to what runs, and loads what it loads on SIGHUP', () => {
  const { process, outcome, handOver } = loading();
  expect(process.emit('SIGHUP', 'SIGHUP')).toBe(true);
  handOver();
  expect([outcome, process.eventNames()]).toEqual([[], []]);
});

function loading() {
  const process = new EventEmitter();
  const outcome: unknown[] = [];
  const add = (what: unknown) => void outcome.push(what);
  const handOver = endOnSignalsWhileLoading({ process: process as unknown as NodeJS.Process, tell: add, exit: add });
  return { process, outcome, handOver };
}
