import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run, step, told } from './testing/chain.ts';

describe('json_schema', () => {
  it('flags what the schema does not accept, with a line for each thing that is wrong, and changes nothing', () => {
    const schema = '{"type":"object","properties":{"a":{"minimum":2}},"required":["b"]}';
    expect(told([step('json_schema', { schema })], ['{ "a":2, "b":1.0 }', '{"a":1}', 'no'])).toEqual([
      '{ "a":2, "b":1.0 } <- 0',
      '{"a":1} <- 1 ! (root) b is required\na must be greater than or equal to 2',
      expect.stringMatching(/^no <- 2 ! invalid character 'o'/),
    ]);
  });

  it('reads the schema from a file, which wins over the text', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'json-schema-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 's.json'), '{"type":"array"}');
    const options = { schema_path: pathToFileURL(join(folder, 's.json')).href, schema: '{}' };
    expect(told([step('json_schema', options)], ['{}'])).toEqual(['{} <- 0 ! (root) invalid type. expected: array, given: object']);
  });

  it.each([
    [{}, 'either schema or schema_path must be provided'],
    [{ schema: '{' }, 'failed to parse json schema definition'],
    [{ schema_path: '/s.json' }, 'expected a `schema_path` that begins with file://, found `/s.json`'],
    [{ schema_path: 'file:///nothere.json' }, 'failed to load JSON schema definition: ENOENT'],
  ])('refuses %j', (options, reason) => {
    expect(() => run([step('json_schema', options)], ['{}'])).toThrow(reason);
  });
});
