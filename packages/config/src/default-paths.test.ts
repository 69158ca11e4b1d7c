import { describe, expect, it } from 'vitest';
import { findDefaultConfig } from './default-paths.ts';

describe('findDefaultConfig', () => {
  it('takes the first place of Benthos that has a file', () => {
    const there = new Set(['/etc/benthos.yaml', '/connect.yaml']);
    expect([findDefaultConfig((path) => there.has(path)), findDefaultConfig(() => false)]).toEqual(['/connect.yaml', undefined]);
  });
});
