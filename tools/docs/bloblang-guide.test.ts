import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMapping } from '@sluice/bloblang-library';
import { encodeJson, parseJson } from '@sluice/values';
import { expect, it } from 'vitest';

const guide = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'bloblang', 'README.md'), 'utf8');
const examples = [...guide.matchAll(/```coffee\n([^`]*?)\n\n# In: {2}(.*)\n# Out: (.*)\n```/g)].map(([, mapping, input, output]) => ({
  mapping: mapping!,
  input: input!,
  output: output!,
}));

it('has examples, all with their input and output', () => {
  expect(examples.length).toBe(guide.match(/```coffee/g)?.length);
});

it.each(examples)('shows what happens: $mapping', ({ mapping, input, output }) => {
  const outcome = parseMapping(mapping).map([{ content: Buffer.from(input), metadata: {} }], 0);
  if (outcome.kind !== 'mapped') expect.fail(outcome.kind === 'failed' ? outcome.error.message : 'dropped');
  expect(encodeJson(parseJson(Buffer.from(outcome.message.content).toString()))).toBe(output);
});
