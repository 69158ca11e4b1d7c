import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../load-config.ts';

describe('files of resources', () => {
  const MAIN = 'input: {stdin: {}}\noutput: {resource: o}\n';

  it.each([
    ['output_resources: [{label: o, drop: {}}]', []],
    ['output_resources: {}', ['error field.type r.yaml(1,19) `output_resources`: expected a list, got an object']],
    [
      'output_resources: [{label: o, dropp: {}}]',
      [expect.stringMatching(/^error component.unsupported r.yaml\(1,31\) .*did you mean `drop`/)],
    ],
    ['output: {drop: {}}', [expect.stringMatching(/^error field.unknown r.yaml\(1,1\) unknown field `output` in a file of resources/)]],
    [
      'output_resources: [{label: o, drop: {}}, {label: o, drop: {}}]',
      ['error label.duplicate r.yaml(1,50) label `o` collides with a previously defined label at line 1'],
    ],
  ])('serve the first Benthos document: %s', async (text, expected) => {
    const directory = mkdtempSync(join(tmpdir(), 'sluice-resources-'));
    for (const [name, content] of Object.entries({ 'c.yaml': MAIN, 'r.yaml': text })) writeFileSync(join(directory, name), content);
    const { problems } = await loadConfig({ files: [join(directory, 'c.yaml')], resources: [join(directory, 'r*.yaml')], env: {} });
    const ofResources = problems.filter(({ file }) => file.endsWith('r.yaml'));
    expect(
      ofResources.map(({ severity, code, line, column, message }) => `${severity} ${code} r.yaml(${line},${column}) ${message}`),
    ).toEqual(expected);
  });
});
