import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { usageOf } from './process-usage.ts';
import { WorkerProcess } from './worker-process.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-dev-process-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('WorkerProcess', () => {
  it('answers lines of output and keeps the log', async () => {
    const child = await start("console.log('ready'); console.error('first'); console.error('last');");
    await expect(child.nextLine()).resolves.toBe('ready');
    await expect(child.exited).resolves.toBe(0);
    expect(child.lastLines).toEqual(['first', 'last']);
    await expect(readFile(child.logFile, 'utf8')).resolves.toBe('first\nlast\n');
    await expect(child.nextLine()).resolves.toBeUndefined();
  });

  it('asks politely first, and ends for good what does not listen', async () => {
    const polite = await start("process.on('SIGTERM', () => process.exit(3)); setInterval(() => {}, 1000); console.log('up')");
    await polite.nextLine();
    await polite.stop();
    await expect(polite.exited).resolves.toBe(3);

    const deaf = await start("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')");
    await deaf.nextLine();
    await deaf.stop(50);
    expect(deaf.isRunning).toBe(false);
  });

  it.runIf(process.platform === 'linux')('tells what the process used', async () => {
    const child = await start("while (process.cpuUsage().user < 200_000); console.log('done'); setInterval(() => {}, 1000)");
    await child.nextLine();
    const { cpuSeconds, peakBytes } = usageOf(child.pid);
    expect(cpuSeconds).toBeGreaterThan(0.1);
    expect(peakBytes).toBeGreaterThan(20 * 1024 * 1024);
    await child.stop();
  });
});

async function start(code: string): Promise<WorkerProcess> {
  const script = join(folder, 'child.mjs');
  await writeFile(script, code);
  return new WorkerProcess({ name: 'child', script, args: [], logFile: join(folder, 'child.log') });
}
