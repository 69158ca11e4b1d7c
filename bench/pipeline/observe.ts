import { readFileSync } from 'node:fs';
import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis } from '@sluice/redis';

/** The sum of a counter over its labels, or `undefined` while nobody answers. */
export async function counterIn(metricsUrl: string, name: string): Promise<number | undefined> {
  const text = await fetch(metricsUrl).then(
    (answer) => answer.text(),
    () => undefined,
  );
  if (text === undefined) return undefined;
  const samples = text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'));
  return [...samples].reduce((sum, [, amount]) => sum + Number(amount), 0);
}

/** To write its metrics costs a worker milliseconds, which would count as the cost of its records. */
const ASK_EVERY_MS = 200;

/** Asks now and then until the answer is yes. */
export async function until(what: string, isSo: () => Promise<boolean>, patienceMs = 60_000): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited ${patienceMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}

export async function pidOfRedis(url: string): Promise<number> {
  await using session = await connectRedis({ url }, { logger: silentLogger, clock: systemClock });
  return Number(/process_id:(\d+)/.exec(await session.client.info('server'))?.[1]);
}

/** MiB of a process as they are: all that is resident, and what of it is its own and no file's. The rest is Node's program, which processes share. */
export function memoryOf(pid: number): { readonly resident: number; readonly own: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mebibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]) / 1024;
  return { resident: mebibytes('Rss'), own: mebibytes('Anonymous') };
}
