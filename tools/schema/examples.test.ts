import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { generatedFiles } from './generated-files.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const examples = globSync('examples/**/*.yaml', { cwd: ROOT }).sort();
const schemas = generatedFiles();

/** What an editor reads: the schema that the first line of a file names. */
const HEADER = /^# yaml-language-server: \$schema=(\S+)\n/;

describe('the examples', () => {
  it('are there', () => {
    expect(examples).toEqual(
      expect.arrayContaining(['examples/benthos-kinesis-to-kinesis.yaml', 'examples/module.yaml', 'examples/sluice.yaml']),
    );
  });

  it.each(examples)('%s tells editors its schema, and keeps to it', (path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const validate = validatorOf(schemaOf(path, text));
    for (const document of parseAllDocuments(text)) {
      validate(document.toJS());
      expect(validate.errors).toBe(null);
    }
  });
});

describe('the schemas', () => {
  it.each([
    ['benthos', { output: { aws_kinesis: { stream: 'a', partition_kye: 'b' } } }],
    ['benthos', { output: { aws_kinesis: { stream: 'a', partition_key: 'b', max_in_flight: 'many' } } }],
    ['module', { kind: 'io.statefun.kinesis.v1/egress', spec: { awsRegion: { type: 'somewhere' } } }],
    ['module', { kind: 'io.statefun.kafka.v1/egress', spec: {} }],
    ['sluice', { sluice: { lanse: 4 } }],
  ])('%s refuses %j', (name, document) => {
    expect(validatorOf(`schema/${name}.schema.json`)(document)).toBe(false);
  });
});

function schemaOf(path: string, text: string): string {
  const named = HEADER.exec(text)?.[1];
  expect({ path, named }).toEqual({ path, named: expect.any(String) });
  return relative(ROOT, resolve(ROOT, dirname(path), named!));
}

function validatorOf(path: string) {
  const schema = schemas[path];
  expect({ path, isGenerated: schema !== undefined }).toEqual({ path, isGenerated: true });
  return new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(JSON.parse(schema!));
}
