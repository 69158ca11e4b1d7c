/**
 * Records a run of `npm start` and writes it as an animated picture:
 *
 *     node tools/docs/recording/record.ts [SECONDS]        docs/images/npm-start.svg
 *
 * The run is real: `script` gives it a terminal, and what it writes is kept with the time at which it came. Ctrl-C comes SECONDS after
 * the first record has arrived.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { animate, type Chunk } from './animate.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const COLUMNS = 96;
const ROWS = 24;
const COMMAND = 'npm start';
const CTRL_C = '\x03';

const seconds = Number(process.argv[2] ?? 10);
const stateHome = mkdtempSync(join(tmpdir(), 'sluice-recording-'));
const child = spawn('script', ['-qfec', `stty cols ${COLUMNS} rows ${ROWS}; ${COMMAND}`, '/dev/null'], {
  cwd: ROOT,
  // Another `sluice up` on this machine stays the one that commands find.
  env: { ...process.env, XDG_STATE_HOME: stateHome, TERM: 'xterm-256color', npm_config_update_notifier: 'false' },
  stdio: ['pipe', 'pipe', 'inherit'],
});

const chunks: Chunk[] = [{ atMs: 0, output: `\x1b[32m$\x1b[0m ${COMMAND}\r\n` }];
const startedAt = performance.now();
const ended = once(child, 'close');
const arrived = new Promise<void>((resolve) => {
  child.stdout.setEncoding('utf8').on('data', (output: string) => {
    chunks.push({ atMs: performance.now() - startedAt, output });
    if (/\d arrived/.test(output)) resolve();
  });
});
await arrived;
await delay(seconds * 1_000);
child.stdin.write(CTRL_C);
await ended;
rmSync(stateHome, { recursive: true });

const picture = animate(chunks, { title: `A run of ${COMMAND}, ended with Ctrl-C`, columns: COLUMNS, rows: ROWS, restMs: 5_000 });
writeFileSync(join(ROOT, 'docs/images/npm-start.svg'), picture);
console.log(`docs/images/npm-start.svg: ${Math.ceil(picture.length / 1_024)} KiB, ${Math.round(chunks.at(-1)!.atMs / 1_000)} s`);
