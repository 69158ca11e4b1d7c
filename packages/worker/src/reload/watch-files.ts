import { stat } from 'node:fs/promises';
import { type Clock, sleep } from '@sluice/core';

export interface WatchOptions {
  /** Asked at each look, so that it may change. Empty: nothing is watched. */
  readonly files: () => readonly string[];
  readonly clock: Clock;
  readonly onChange: () => void;
}

/** A change counts when two looks in a row show the same: what writes a file in pieces, or swaps several, is let finish. */
const LOOK_EVERY_MS = 1_000;

/**
 * Tells when files have changed, until the signal is aborted. It looks at them by name, so that it notices a file that an editor put in
 * place of another, a symlink that leads elsewhere as in a ConfigMap of Kubernetes, and a change on a file system that reports none.
 */
export async function watchFiles({ files, clock, onChange }: WatchOptions, signal: AbortSignal): Promise<void> {
  let known = await fingerprint(files());
  let last = known;
  while (!signal.aborted) {
    await sleep(clock, LOOK_EVERY_MS, signal).catch(() => undefined);
    const now = await fingerprint(files());
    if (now !== undefined && now === last && now !== known && !signal.aborted) {
      if (known !== NOTHING) onChange();
      known = now;
    }
    last = now;
  }
}

const NOTHING = '';

/** Which files lie at these paths, and their state; `undefined` while one of them is missing. */
async function fingerprint(files: readonly string[]): Promise<string | undefined> {
  const states = await Promise.all(files.map((file) => stat(file, { bigint: true }).catch(() => undefined)));
  if (states.includes(undefined)) return undefined;
  return states.map((state, at) => `${files[at]} ${state!.dev} ${state!.ino} ${state!.size} ${state!.mtimeNs}`).join('\n');
}
