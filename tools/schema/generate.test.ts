import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generatedFiles } from './generated-files.ts';

describe('generated schemas and reference pages', () => {
  it.each(Object.entries(generatedFiles()))('%s is up to date (node tools/schema/generate.ts)', (path, content) => {
    expect(readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8')).toBe(content);
  });
});
