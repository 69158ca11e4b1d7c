import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeProcess } from './node-process.ts';
import { usageOf } from './process-usage.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-testkit-process-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('NodeProcess', () => {
  it('answers lines of output and keeps the log', async () => {
    const child = await start("console.log('ready'); console.error('first'); console.error('last');");
    await expect(child.nextLine()).resolves.toBe('ready');
    await expect(child.exited).resolves.toBe(0);
    expect(child.lastLines).toEqual(['first', 'last']);
    await expect(readFile(child.logFile!, 'utf8')).resolves.toBe('first\nlast\n');
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

  it('waits for a text in the log, and fails where the process ends without it', async () => {
    const child = await start(
      "process.on('SIGTERM', () => process.exit(4)); console.error('one'); console.error('two'); setInterval(() => {}, 1000)",
    );
    await child.logged('two');
    await child.logged('one');
    expect(child.timesLogged('o')).toBe(2);
    const waiting = child.logged('three');
    const failed = expect(waiting).rejects.toThrow('child ended with exit code 4 and never logged "three":\none\ntwo\n');
    await child.stop();
    await failed;
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

async function start(code: string): Promise<NodeProcess> {
  const script = join(folder, 'child.mjs');
  await writeFile(script, code);
  return new NodeProcess({ name: 'child', script, logFile: join(folder, 'child.log') });
}
