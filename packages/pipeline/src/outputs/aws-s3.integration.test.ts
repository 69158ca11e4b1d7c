// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolated strings are what a Benthos file holds
import { compileConfig } from '@sluice/config';
import { silentLogger, systemClock } from '@sluice/core';
import { type BucketStub, startBucketStub } from '@sluice/object-store/testing';
import { describe, expect, it } from 'vitest';
import type { ComponentContext } from '../component.ts';
import { runText } from '../testing/rig.ts';
import { openS3Uploader, type S3Options } from './s3-uploader.ts';

const WITH_REASON = `{stdout: {}, processors: [{mapping: 'root = content() + " " + @fallback_error'}]}`;

describe('aws_s3', () => {
  it('stores each message of a batch as an object with what belongs to it', async () => {
    await using stub = await startBucketStub();
    const fields = `path: 'x/\${! json("n") }.json', tags: {b c: 'd&\${! json("n") }', a: '1'}, content_type: application/json, cache_control: 'max-age=\${! json("n") }',
      metadata: {exclude_prefixes: [x_]}, storage_class: STANDARD_IA, kms_key_id: k, batching: {count: 2}`;
    const text = `
input:
  stdin: {}
  processors:
    - mapping: |
        root = this
        meta a = "ü"
        meta "b c" = "no name of a header"
        meta x_y = "left out"
output: ${outputTo(stub, fields)}
`;
    await runText(text, { stdin: '{"n":1}\n{"n":2}\n' });
    expect([...stub.objects].map(([path, data]) => [path, data.toString()])).toEqual([
      ['/b/x/1.json', '{"n":1}'],
      ['/b/x/2.json', '{"n":2}'],
    ]);
    const headers = stub.headers.get('/b/x/2.json')!;
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'max-age=2',
      'x-amz-storage-class': 'STANDARD_IA',
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'k',
      'x-amz-meta-a': '=?UTF-8?B?w7w=?=',
      'x-amz-tagging': 'a=1&b+c=d%262',
    });
    expect(Object.keys(headers).filter((name) => name.startsWith('x-amz-meta-'))).toEqual(['x-amz-meta-a']);
    expect(headers).not.toHaveProperty('content-encoding');
  });

  it('stores an archive of a batch, under the path that Benthos gives it by default', async () => {
    await using stub = await startBucketStub();
    const fields = 'server_side_encryption: AES256, batching: {count: 3, processors: [{archive: {format: lines}}]}';
    await runText(`input: {stdin: {}}\noutput: ${outputTo(stub, fields)}\n`, { stdin: 'a\nb\nc\n' });
    expect([...stub.objects.keys()]).toEqual([expect.stringMatching(/^\/b\/1-\d{19}\.txt$/)]);
    expect([...stub.objects.values()].join()).toBe('a\nb\nc');
    expect([...stub.headers.values()]).toMatchObject([
      { 'content-type': 'application/octet-stream', 'x-amz-storage-class': 'STANDARD', 'x-amz-server-side-encryption': 'AES256' },
    ]);
  });

  it('stores again where S3 is busy', async () => {
    await using stub = await startBucketStub();
    stub.refuse = () => (stub.calls < 3 ? { status: 503, code: 'SlowDown' } : undefined);
    await runText(`input: {stdin: {}}\noutput: ${outputTo(stub, 'path: x')}\n`, { stdin: 'a\n' });
    expect([stub.calls, stub.objects.get('/b/x')?.toString()]).toEqual([3, 'a']);
  });

  it('hands on to a fallback just what failed, each with its reason', async () => {
    await using stub = await startBucketStub();
    stub.refuse = (path) => (path === '/b/long' ? { status: 400, code: 'KeyTooLongError' } : undefined);
    const fields = `path: '\${! if content() == "fails" { throw("no path") } else { content() } }', content_language: '\${! if content() == "odd" { "ü" } else { "" } }', batching: {count: 5}`;
    const text = `input: {stdin: {}}\noutput: {fallback: [${outputTo(stub, fields)}, ${WITH_REASON}]}\n`;
    const written = await runText(text, { stdin: 'a\nlong\nfails\nodd\nb\n' });
    expect([...stub.objects.keys()]).toEqual(['/b/a', '/b/b']);
    expect(written.split('\n').filter(Boolean)).toEqual([
      'long an object could not be stored in bucket b: KeyTooLongError: as asked',
      expect.stringContaining('fails `path`: interpolation error: '),
      'odd `content_language`: expected ASCII without control characters, got other text',
    ]);
  });

  it('leaves a bucket that is not there to a fallback, at once', async () => {
    await using stub = await startBucketStub();
    stub.refuse = () => ({ status: 404, code: 'NoSuchBucket' });
    const text = `input: {stdin: {}}\noutput: {fallback: [${outputTo(stub, 'path: x, batching: {count: 2}')}, ${WITH_REASON}]}\n`;
    const reason = 'an object could not be stored in bucket b: NoSuchBucket: as asked';
    expect(await runText(text, { stdin: 'a\nb\n' })).toBe(`a ${reason}\nb ${reason}\n`);
    expect(stub.calls).toBe(1);
  });

  it('stores nothing, and says so, once the pipeline has given up', async () => {
    await using stub = await startBucketStub();
    const { output } = compileConfig([{ name: 'c.yaml', text: `input: {stdin: {}}\noutput: ${outputTo(stub, 'path: x')}\n` }], { env: {} })
      .config.pipelines[0]!;
    const context = { clock: systemClock, logger: silentLogger, signal: AbortSignal.abort(new Error('given up')) };
    using uploader = await openS3Uploader(output.options as S3Options, context as unknown as ComponentContext);
    await expect(uploader.write([{ content: Buffer.from('a'), metadata: {} }])).rejects.toThrow();
    expect(stub.objects.size).toBe(0);
  });
});

const outputTo = ({ url }: BucketStub, fields: string) =>
  `{aws_s3: {bucket: b, endpoint: '${url}', region: eu-west-1, force_path_style_urls: true, credentials: {id: a, secret: b}, ${fields}}}`;
