import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findConfigFiles } from './find-config-files.ts';
import { lintFiles } from './lint-files.ts';

const EXAMPLES = resolve(import.meta.dirname, '../../../../examples');

describe('the examples', () => {
  it('have nothing that lint complains about, not even strictly', async () => {
    const { files } = await findConfigFiles([join(EXAMPLES, '...')]);
    const { problems } = await lintFiles({ files, env: {}, envFiles: [], strict: true, chilled: false, skipsEnvCheck: false });
    expect(problems).toEqual([]);
    expect(files).toEqual(
      globSync('**/*.yaml', { cwd: EXAMPLES })
        .sort()
        .map((name) => join(EXAMPLES, name)),
    );
  });
});
