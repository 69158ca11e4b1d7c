import { plural } from '@sluice/core';
import type { Overview } from '@sluice/status';
import { bytesText, countText, durationText, rateText } from '../terminal/quantities.ts';
import { shorten } from '../terminal/shorten.ts';

/** The installation in a few lines: how it is, what comes in, what waits, what goes out. */
export function summaryLines({ atMs, redis, streams, targets, workers }: Overview, width: number): string[] {
  const lanes = targets.flatMap((target) => target.lanes);
  const egresses = targets.flatMap(({ writers }) => writers.flatMap((writer) => (writer.kind === 'egress' ? [writer] : [])));
  const functions = targets.flatMap(({ writers }) => writers.flatMap((writer) => (writer.kind === 'function' ? [writer] : [])));
  const lag = Math.max(-1, ...streams.map(({ lagMaxSeconds }) => lagMaxSeconds ?? -1));
  const oldest = Math.max(0, ...lanes.map(({ oldestMs }) => oldestMs ?? 0));
  const notReady = workers.filter(({ ready }) => !ready).length;
  const paused = [...streams, ...targets].filter((each) => each.paused !== null).length;
  const blocked = lanes.filter(({ blockedForMs }) => blockedForMs > 0).length;
  const memory = `${bytesText(redis.usedBytes)}${redis.maxBytes > 0 ? ` of ${bytesText(redis.maxBytes)}` : ''}`;
  const deadLetters = sum(targets.map((target) => target.deadLetters));
  const isUnsent = workers.some(({ deadLetterOutput }) => deadLetterOutput !== undefined);
  const parked = sum(targets.map((target) => target.parked));
  const facts = [
    `${plural(workers.length, 'worker')}${notReady > 0 ? `, ${countText(notReady)} NOT READY` : ''}`,
    ...(paused > 0 ? [`${countText(paused)} paused`] : []),
    ...(blocked > 0 ? [`${countText(blocked)} blocked`] : []),
    ...(parked > 0 ? [`${countText(parked)} parked`] : []),
    ...(deadLetters > 0 ? [`${plural(deadLetters, 'dead letter')}${isUnsent ? ' UNSENT' : ''}`] : []),
  ];
  const rates = (each: readonly { readonly recordsPerSecond: number; readonly bytesPerSecond: number }[]) =>
    `${rateText(sum(each.map((one) => one.recordsPerSecond)))} records/s (${bytesText(sum(each.map((one) => one.bytesPerSecond)))}/s)`;
  const waiting = sum(lanes.map(({ records }) => records));
  const calls = functions.length === 0 ? '' : `, ${rateText(sum(functions.map((one) => one.invocationsPerSecond)))} calls/s`;
  return [
    `${new Date(atMs).toISOString().slice(11, 19)}  ${facts.join(', ')}`,
    `in   ${rates(streams)}${lag < 0 ? '' : `, lag ${durationText(lag * 1_000)} at most`}`,
    `wait ${plural(waiting, 'record')} (${bytesText(sum(lanes.map(({ bytes }) => bytes)))})${waiting > 0 ? `, oldest ${durationText(oldest)}` : ''}; Redis holds ${memory}`,
    `out  ${rates(egresses)}${calls}`,
  ].map((line) => shorten(line, width));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
