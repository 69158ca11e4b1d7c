import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@sluice/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchFiles } from './watch-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watch-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('watchFiles', () => {
  it('tells of a file that was written, once it is the same for two looks', async () => {
    await writeFile(join(folder, 'a.yaml'), 'one');
    await using watch = await watching(['a.yaml']);
    await writeFile(join(folder, 'a.yaml'), 'two is longer');
    expect([await watch.look(), await watch.look(), await watch.look()]).toEqual([0, 1, 1]);
    await writeFile(join(folder, 'a.yaml'), 'three');
    await watch.look();
    await writeFile(join(folder, 'a.yaml'), 'three in two pieces');
    expect([await watch.look(), await watch.look()]).toEqual([1, 2]);
  });

  it('tells of a file that an editor put in place of another, and waits while there is none', async () => {
    await writeFile(join(folder, 'a.yaml'), 'one');
    await using watch = await watching(['a.yaml']);
    await rename(join(folder, 'a.yaml'), join(folder, 'a.yaml~'));
    expect([await watch.look(), await watch.look()]).toEqual([0, 0]);
    await writeFile(join(folder, '.swap'), 'two');
    await rename(join(folder, '.swap'), join(folder, 'a.yaml'));
    expect([await watch.look(), await watch.look()]).toEqual([0, 1]);
  });

  it('tells of a ConfigMap of Kubernetes, whose files are symlinks through one that is replaced', async () => {
    const version = async (name: string, text: string) => {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'a.yaml'), text);
      await symlink(name, join(folder, '..data_tmp'));
      await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    await version('..1', 'one');
    await symlink('..data/a.yaml', join(folder, 'a.yaml'));
    await using watch = await watching(['a.yaml']);
    await version('..2', 'two');
    expect([await watch.look(), await watch.look(), await watch.look()]).toEqual([0, 1, 1]);
  });

  it('watches what it is asked to at each look, and takes a file that is new to it as it is', async () => {
    await writeFile(join(folder, 'a.yaml'), 'one');
    const files: string[] = [];
    await using watch = await watching(files);
    await watch.look();
    files.push('a.yaml');
    expect([await watch.look(), await watch.look()]).toEqual([0, 0]);
    await writeFile(join(folder, 'a.yaml'), 'two!');
    expect([await watch.look(), await watch.look()]).toEqual([0, 1]);
  });
});

async function watching(files: readonly string[]) {
  const clock = new ManualClock();
  const stop = new AbortController();
  let changes = 0;
  const paths = () => files.map((file) => join(folder, file));
  const ended = watchFiles({ files: paths, clock, onChange: () => changes++ }, stop.signal);
  const asleep = () => expect.poll(() => clock.pendingTimers, { timeout: 100_000 }).toBe(1);
  await asleep();
  return {
    /** How many changes it has told of after one more look. */
    look: async () => {
      clock.advance(1_000);
      await asleep();
      return changes;
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await ended;
    },
  };
}
