import { describe, expect, it } from 'vitest';
import { compileConfig } from '../load-config.ts';
import { defaultAwsSettings } from '../model/aws.ts';
import type { DeadLetterSettings } from '../model/settings.ts';

const AWS = defaultAwsSettings;
const NONE = { output: undefined, maxAgeMs: undefined, maxBytes: undefined };

describe('settings of dead letters', () => {
  it.each<[string, Partial<DeadLetterSettings>]>([
    ['{}', {}],
    ['{ output: {} }', {}],
    ['{ max_age: 168h, max_bytes: 1GiB }', { maxAgeMs: 7 * 86_400_000, maxBytes: 2 ** 30 }],
    ['{ max_age: 0s, max_bytes: 0 }', {}],
    ['{ output: { file: /var/dead.jsonl } }', { output: { type: 'file', path: '/var/dead.jsonl' } }],
    [
      '{ output: { stream: dead, region: eu-west-1 } }',
      { output: { type: 'stream', stream: 'dead', aws: { ...AWS, region: 'eu-west-1' } } },
    ],
    ['{ output: { s3: { bucket: b } } }', { output: { type: 's3', bucket: 'b', prefix: 'dead-letters/', isPathStyle: false, aws: AWS } }],
    [
      '{ output: { s3: { bucket: b, prefix: "", force_path_style_urls: true }, endpoint: "http://h:1" } }',
      { output: { type: 's3', bucket: 'b', prefix: '', isPathStyle: true, aws: { ...AWS, endpoint: 'http://h:1' } } },
    ],
    [
      '{ output: { sqs: "https://sqs.eu-north-1.amazonaws.com/1/q" } }',
      { output: { type: 'sqs', url: 'https://sqs.eu-north-1.amazonaws.com/1/q', aws: { ...AWS, region: 'eu-north-1' } } },
    ],
    [
      '{ output: { sqs: "https://sqs.eu-north-1.amazonaws.com/1/q", region: eu-west-1 } }',
      { output: { type: 'sqs', url: 'https://sqs.eu-north-1.amazonaws.com/1/q', aws: { ...AWS, region: 'eu-west-1' } } },
    ],
    ['{ output: { sqs: "http://localhost:1/q" } }', { output: { type: 'sqs', url: 'http://localhost:1/q', aws: AWS } }],
  ])('are read: %s', (text, expected) => {
    const { config, problems } = load(text);
    expect(problems).toEqual([]);
    expect(config.settings.deadLetters).toEqual({ ...NONE, ...expected });
  });

  it.each([
    ['{ output: { file: a, stream: b } }', 'has more than one output: set one of `file`, `stream`, `sqs` and `s3.bucket`'],
    ['{ output: { sqs: q, s3: { bucket: b } } }', 'has more than one output'],
    ['{ output: { kafka: b } }', 'kafka'],
    ['{ output: { stream: dead, endpoint: localhost } }', '`endpoint`: expected a URL'],
    ['{ max_age: 7 }', 'the unit is missing'],
  ])('are refused: %s', (text, message) => {
    expect(load(text).problems.map((problem) => problem.message)).toEqual([expect.stringContaining(message)]);
  });
});

const load = (deadLetters: string) => compileConfig([{ name: 'a.yaml', text: `sluice: { dead_letters: ${deadLetters} }` }], { env: {} });
