import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mappingOf, messageOf, run, step, text, told } from './testing/chain.ts';

const archive = (format: string, path = '') => step('archive', { format, path: text(path) });
const unarchive = (format: string) => step('unarchive', { format });
const folder = mkdtempSync(join(tmpdir(), 'archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('archive', () => {
  it.each([
    ['concatenate', ['a', 'b'], 'ab <- 0,1'],
    ['lines', ['a', '', 'b'], 'a\n\nb <- 0,1,2'],
    ['binary', ['a', 'bc'], '\0\0\0\x02\0\0\0\x01a\0\0\0\x02bc <- 0,1'],
    ['json_array', ['{"b":1.50,"a":2}', ' "x"', 'null'], '[{"a":2,"b":1.50},"x",null] <- 0,1,2'],
  ])('%s', (format, batch, expected) => {
    expect(told([archive(format)], batch)).toEqual([expected]);
  });

  it('keeps the metadata of the first message', () => {
    expect(run([archive('lines')], [messageOf('a', { k: 1 }), messageOf('b', { k: 2 })])).toEqual([
      { message: messageOf('a\nb', { k: 1 }), sources: [0, 1] },
    ]);
  });

  it('stands for every record behind its messages', () => {
    const twice = [unarchive('lines'), archive('lines'), unarchive('lines')];
    expect(told(twice, ['a\nb', 'c'])).toEqual(['a <- 0,1', 'b <- 0,1', 'c <- 0,1']);
  });

  it('leaves a message by itself, flagged, that does not fit', () => {
    expect(told([archive('json_array')], ['1', '{', '3'])).toEqual(['[1,3] <- 0,2', expect.stringMatching(/^\{ <- 1 ! /)]);
  });

  it('leaves a path empty that fails', () => {
    const steps = [archive('tar', '${! json("id") }'), step('unarchive', { format: 'tar' })];
    expect(run(steps, ['no'])).toEqual([{ message: messageOf('no'), sources: [0] }]);
  });

  it('keeps failed messages apart only where they are refused', () => {
    const steps = [mappingOf('root = if content() == "b" { throw("bad") } else { content() }'), archive('lines')];
    expect(told(steps, ['a', 'b', 'c'])).toEqual(['a\nb\nc <- 0,1,2']);
    expect(told(steps, ['a', 'b', 'c'], { refusesFailed: true })).toEqual([
      'a\nc <- 0,2',
      expect.stringContaining('b <- 1 ! failed assignment'),
    ]);
  });
});

describe.each(['tar', 'zip'])('%s', (format) => {
  const long = `${'long/'.repeat(30)}größe.txt`;

  it('is unpacked as it was packed, paths and all', () => {
    const batch = [messageOf('a', { path: 'a.txt' }), messageOf('', { path: long }), messageOf('b'.repeat(2_000), { path: 'dir/b' })];
    expect(run([archive(format, '${! metadata("path") }'), unarchive(format)], batch)).toEqual(
      batch.map(({ content, metadata: { path } }) => ({
        message: { content, metadata: { path: 'a.txt', archive_filename: path } },
        sources: [0, 1, 2],
      })),
    );
  });

  it('is read by other programs', () => {
    const [packed] = run([archive(format, '${! metadata("path") }')], [messageOf('content', { path: long })]);
    const file = join(folder, `a.${format}`);
    writeFileSync(file, packed!.message.content);
    const listed =
      format === 'tar'
        ? execFileSync('tar', ['-xOf', file])
        : execFileSync('python3', ['-c', `import zipfile, sys; sys.stdout.write(zipfile.ZipFile("${file}").read("${long}").decode())`]);
    expect(listed.toString()).toBe('content');
  });

  it('flags what is none, whatever byte is wrong', () => {
    const [packed] = run([archive(format, 'a.txt')], ['some content '.repeat(20)]);
    const { content } = packed!.message;
    expect(run([unarchive(format)], [content.subarray(0, 100)])[0]?.message.failure).toBeDefined();
    for (let place = 0; place < content.byteLength; place++) {
      const damaged = Buffer.from(content);
      damaged[place]! ^= 0xff;
      expect(run([unarchive(format)], [damaged])[0]?.sources ?? [0]).toEqual([0]);
    }
  });
});

describe('tar', () => {
  it('reads the long names of GNU tar', () => {
    const name = 'x'.repeat(120);
    writeFileSync(join(folder, name), 'content');
    const packed = execFileSync('tar', ['--format=gnu', '-cf', '-', '-C', folder, name]);
    expect(run([unarchive('tar')], [packed])).toEqual([{ message: messageOf('content', { archive_filename: name }), sources: [0] }]);
  });
});

describe('zip', () => {
  it('does not unpack more than it says, nor more than is good', () => {
    const [packed] = run([archive('zip', 'a')], ['x'.repeat(1_000)]);
    const lying = Buffer.from(packed!.message.content);
    const directory = lying.lastIndexOf(Buffer.from('PK\x01\x02'));
    lying.writeUInt32LE(10, directory + 24);
    expect(run([unarchive('zip')], [lying])[0]?.message.failure?.message).toMatch(/^zip: /);
    lying.writeUInt32LE(0x7fff_ffff, directory + 24);
    expect(run([unarchive('zip')], [lying])[0]?.message.failure?.message).toMatch(/bytes exceeds the maximum of 67108864$/);
  });
});

describe('unarchive', () => {
  it.each([
    ['lines', 'a\n\nb\n', ['a', '', 'b', '']],
    ['json_documents', ' {"b":[1,"]}"],"a":"\\""}[2] 3 "x"true\nnull', ['{"a":"\\"","b":[1,"]}"]}', '[2]', '3', '"x"', 'true', 'null']],
    ['json_documents', '', []],
    ['json_array', '[{"a":1.0}, "x", [2]]', ['{"a":1.0}', '"x"', '[2]']],
    ['json_map', '{"b":"x","a":{"c":1}}', ['"x"', '{"c":1}']],
    ['csv', 'a,b\n1,"x, y"\n2,\n', ['{"a":"1","b":"x, y"}', '{"a":"2","b":""}']],
    ['csv:|', 'a|b\n1|2', ['{"a":"1","b":"2"}']],
    ['csv', 'a', []],
    ['binary', '\0\0\0\x02\0\0\0\x01a\0\0\0\0', ['a', '']],
  ])('%s of %j', (format, content, expected) => {
    expect(told([unarchive(format)], [content])).toEqual(expected.map((one) => `${one} <- 0`));
  });

  it('names the key of each message of a map', () => {
    expect(run([unarchive('json_map')], [messageOf('{"__proto__":1}', { k: 'v' })])).toEqual([
      { message: messageOf('1', { k: 'v', archive_key: '__proto__' }), sources: [0] },
    ]);
  });

  it.each([
    ['json_documents', '{"a":1} {'],
    ['json_array', '{"a":1}'],
    ['json_map', '[1]'],
    ['csv', 'a,b\n1'],
    ['binary', '\0\0\0\x09'],
    ['binary', '\0\0\0\x01\0\0\0\x09abc'],
    ['tar', 'no archive'],
    ['zip', 'no archive'],
  ])('flags what is no %s', (format, content) => {
    const results = told([unarchive(format)], [content, content]);
    expect(results).toEqual([expect.stringContaining(`${content} <- 0 ! `), expect.stringContaining(`${content} <- 1 ! `)]);
  });
});

describe('compress and decompress', () => {
  it.each(['gzip', 'pgzip', 'zlib', 'flate', 'snappy', 'lz4', 'zstd'])('%s', (algorithm) => {
    const content = 'again and again and again';
    const [packed] = run([step('compress', { algorithm, level: -1 })], [content]);
    expect(Buffer.from(packed!.message.content).toString()).not.toBe(content);
    expect(told([step('decompress', { algorithm })], [packed!.message])).toEqual([`${content} <- 0`]);
  });

  it('flags what is damaged', () => {
    expect(told([step('decompress', { algorithm: 'gzip' })], ['no gzip', 'nor this'])).toEqual([
      expect.stringMatching(/^no gzip <- 0 ! /),
      expect.stringMatching(/^nor this <- 1 ! /),
    ]);
  });
});
