import { compileConfig, type EffectiveValue } from '@sluice/config';
import { describe, expect, it } from 'vitest';
import { createConfig } from './create-config.ts';
import { dialects } from './dialect.ts';

const sizes = [
  ['small', false],
  ['full', true],
] as const;

describe.each(dialects)('a configuration to begin with: %s', (dialect) => {
  it.each(sizes)('%s has nothing to complain about, not even strictly', (_, isFull) => {
    const { problems } = compileConfig([{ name: 'created.yaml', text: createConfig(dialect, isFull) }], { env: {}, strict: true });
    expect(problems).toEqual([]);
  });

  it('means the same in both sizes, but for what stands only in the full one', () => {
    const [small, full] = sizes.map(([, isFull]) => valuesOf(createConfig(dialect, isFull)));
    expect(full).toEqual(expect.arrayContaining(small!));
  });

  it.each(sizes)('%s says what each field is for', (_, isFull) => {
    const lines = createConfig(dialect, isFull).split('\n');
    const bare = lines.filter((line, index) => /^ *(- )?[\w"./-]+:/.test(line) && !lines[index - 1]?.trimStart().startsWith('#'));
    // The frame of a module.yaml document has no description of its own.
    expect(bare.filter((line) => !/^ *(kind|spec):/.test(line))).toEqual([]);
  });
});

describe('the full configurations', () => {
  it('hold every default of the settings', () => {
    const values = compileConfig([{ name: 'created.yaml', text: createConfig('sluice', true) }], { env: {} }).effective.flatMap(
      ({ values }) => values,
    );
    expect(values.filter(({ source }) => source.type === 'default')).toEqual([]);
  });

  it('show the other forms of a field', () => {
    expect(createConfig('module', true)).toContain(
      '  awsCredentials: {type: default}\n  # or {type: basic, accessKeyId: "…", secretAccessKey: "…"}\n  # or {type: profile, profileName: "…"}\n',
    );
  });
});

function valuesOf(text: string): string[] {
  const { effective } = compileConfig([{ name: 'created.yaml', text }], { env: {} });
  const isGiven = ({ source }: EffectiveValue) => source.type === 'file';
  return effective.flatMap(({ values }) => values.filter(isGiven).map(({ path, value }) => `${path}=${value}`));
}
