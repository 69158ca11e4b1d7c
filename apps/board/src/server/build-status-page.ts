import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Logger } from '@sluice/core';

/** Only a checkout has it; an image and a package hold the page as it was built. */
const BUILD = join(import.meta.dirname, '../../web/build.ts');

/** In a checkout, builds the status page anew where its sources have changed. In a process of its own, since the build takes much memory. */
export async function buildStatusPage(logger: Logger): Promise<void> {
  if (!existsSync(BUILD)) return;
  await promisify(execFile)(process.execPath, [BUILD, '--if-stale']).catch((error: { readonly stderr?: string } & Error) => {
    logger.warn('cannot build the status page; it stays as it was built before', { reason: (error.stderr || error.message).trim() });
  });
}
