import { describe, expect, it } from 'vitest';
import { compileConfig } from '../load-config.ts';

const MODULE =
  'kind: io.statefun.kinesis.v1/egress\nspec: {id: a/b, awsRegion: {type: specific, id: eu-west-1}, awsCredentials: {type: basic, accessKeyId: i, secretAccessKey: s}}\n';

const load = (override: string) =>
  compileConfig(
    [
      { name: 'module.yaml', text: MODULE },
      { name: 'sluice.yaml', text: `sluice: {egresses: {a/b: {stream: s${override}}}}` },
    ],
    { env: {} },
  );

describe('where data go that are too large', () => {
  it.each([
    [', oversize: {s3: {bucket: b}}', { bucket: 'b', prefix: 'offloaded/', isPathStyle: false, endpoint: undefined }],
    [
      ', oversize: {s3: {bucket: b, prefix: "", endpoint: "http://h:1", force_path_style_urls: true}}',
      { bucket: 'b', prefix: '', isPathStyle: true, endpoint: 'http://h:1' },
    ],
  ])('is a bucket, with the region and the credentials of the egress: %s', (text, { endpoint, ...place }) => {
    const { config, problems } = load(text);
    const { oversize, aws } = config.egresses[0]!;
    expect([problems, oversize]).toEqual([[], { ...place, aws: { ...aws, endpoint } }]);
    expect(aws.region).toBe('eu-west-1');
  });

  it.each(['', ', oversize: {}', ', oversize: {s3: {}}'])('is nowhere without one: %s', (text) => {
    expect(load(text).config.egresses[0]!.oversize).toBeUndefined();
  });

  it.each(['endpoint: "http://h:1"', 'force_path_style_urls: true'])('needs the bucket where more is said: %s', (field) => {
    expect(load(`, oversize: {s3: {${field}}}`).problems).toMatchObject([
      { severity: 'error', message: '`s3`: names no `bucket`: set it, or leave `s3` out' },
    ]);
  });
});
