import { createReadStream } from 'node:fs';
import { glob, stat, unlink } from 'node:fs/promises';
import type { Message } from '@sluice/bloblang';
import type { ComponentSettings } from '@sluice/config';
import { sleep } from '@sluice/core';
import type { ComponentContext } from '../component.ts';
import type { Deliver, Input } from '../delivery.ts';
import type { Scanner } from '../scanners/scanner.ts';
import { deliverScanned } from './deliver-scanned.ts';
import { leaf } from './leaf.ts';

export interface ReadFilesOptions {
  /** Names or globs. */
  readonly paths: readonly string[];
  readonly deletes: boolean;
  readonly scanner: Scanner;
}

/** Who hears of files that cannot be read. */
interface Told {
  readonly logger: ComponentContext['logger'];
  readonly emit: (type: 'input.openFailed' | 'input.lost') => void;
}

/** Until a file can be opened. */
const RETRY_MS = 1_000;

/** An input of what a scanner finds in files, one after the other. One that cannot be opened is tried again, and holds up those behind it. */
export function readFiles({ paths, deletes, scanner }: ReadFilesOptions, settings: ComponentSettings, context: ComponentContext): Input {
  const logger = context.logger.child({ path: settings.path });
  const emit = (type: 'input.openFailed' | 'input.lost') => context.telemetry.emit({ type, input: settings.path });
  const told = { logger, emit };
  return leaf(
    async (deliver, signal) => {
      for (const path of await expand(paths)) {
        const metadata = await whenOpened(path, { ...context, ...told }, signal);
        if (signal.aborted) return;
        if (metadata) await readFile(path, metadata, { scanner, deliver, signal, deletes, ...told });
      }
    },
    settings,
    context,
  );
}

async function expand(patterns: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const pattern of patterns) {
    const found: string[] = [];
    if (!/[*?[\]]/.test(pattern)) found.push(pattern);
    else for await (const path of glob(pattern)) found.push(path);
    paths.push(...found.sort());
  }
  return paths;
}

/** The metadata of a file once it is there; `undefined` for a folder, or when `signal` is aborted. */
async function whenOpened(
  path: string,
  { clock, logger, emit }: Pick<ComponentContext, 'clock'> & Told,
  signal: AbortSignal,
): Promise<Message['metadata'] | undefined> {
  while (!signal.aborted) {
    try {
      const stats = await stat(path);
      if (!stats.isDirectory()) return metadataOf(path, stats.mtimeMs);
      logger.warn('a folder is no file to read: skipped', { file: path });
      return undefined;
    } catch (error) {
      emit('input.openFailed');
      logger.error('file cannot be opened, trying again', { file: path, reason: (error as Error).message });
      await sleep(clock, RETRY_MS, signal).catch(() => undefined);
    }
  }
  return undefined;
}

function metadataOf(path: string, modifiedMs: number): Message['metadata'] {
  const seconds = Math.floor(modifiedMs / 1000);
  return { path, mod_time_unix: seconds, mod_time: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z') };
}

interface ReadOptions extends Told {
  readonly scanner: Scanner;
  readonly deliver: Deliver;
  readonly signal: AbortSignal;
  readonly deletes: boolean;
}

/** Delivers a file; it is deleted, if it should be, as soon as all of it has been taken. */
async function readFile(path: string, metadata: Message['metadata'], { deletes, logger, emit, ...options }: ReadOptions): Promise<void> {
  let unsettled = 1;
  let isTaken = true;
  const settle = (failure?: Error): void => {
    isTaken &&= failure === undefined;
    if (--unsettled > 0 || !deletes || !isTaken) return;
    void unlink(path).catch((error: Error) => logger.error('file cannot be deleted', { file: path, reason: error.message }));
  };
  const deliver: Deliver = (delivery) => {
    unsettled++;
    return options.deliver(delivery);
  };
  try {
    await deliverScanned(createReadStream(path), { ...options, name: path, deliver, metadata, onSettled: settle });
    if (options.signal.aborted) isTaken = false;
  } catch (error) {
    isTaken = false;
    emit('input.lost');
    logger.error('file cannot be read to its end', { file: path, reason: (error as Error).message });
  }
  settle(isTaken ? undefined : new Error('not read to its end'));
}
