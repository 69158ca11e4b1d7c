import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { compressorOf, packTar } from '@sluice/codecs';
import { describe, expect, it } from 'vitest';
import { runText } from '../testing/rig.ts';

/** Shows where messages and batches begin. */
const SHOWN = `pipeline: {processors: [{mapping: 'root = "%v/%v<%v>".format(batch_index(), batch_size(), content().string())'}]}\n`;

async function scanned(options: string, stdin: string | Uint8Array, chunkSize = 3): Promise<string[]> {
  const bytes = Buffer.from(stdin);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkSize) }, (_, index) =>
    bytes.subarray(index * chunkSize, (index + 1) * chunkSize),
  );
  const text = await runText(`input: {stdin: {${options}}}\n${SHOWN}output: {stdout: {codec: 'delim:;'}}\n`, {
    stdin: Readable.from(chunks),
  });
  return text.split(';').filter(Boolean);
}

const each = (...contents: string[]) => contents.map((content) => `0/1<${content}>`);

describe('a scanner', () => {
  it.each<[string, string | Uint8Array, string[]]>([
    ['scanner: {lines: {}}', 'a\nb\r\n\nc', each('a', 'b', '', 'c')],
    ['scanner: {lines: {omit_empty: true}}', 'a\n\n\nb\n', each('a', 'b')],
    ['scanner: {lines: {custom_delimiter: XYZ}}', 'aXYbXYZc\nXYZ', each('aXYb', 'c\n')],
    ['scanner: {lines: {max_buffer_size: 4}}', 'abc\ndef\n', each('abc', 'def')],
    ['scanner: {to_the_end: {}}', 'a\nb\n', each('a\nb\n')],
    ['scanner: {to_the_end: {}}', '', each('')],
    ['scanner: {chunker: {size: 4}}', 'abcdefghi', each('abcd', 'efgh', 'i')],
    ['scanner: {skip_bom: {}}', '\ufeffab', each('ab')],
    ['scanner: {skip_bom: {into: {lines: {}}}}', 'a\nb\n', each('a', 'b')],
    ['scanner: {skip_bom: {}}', 'x', each('x')],
    [
      'scanner: {json_documents: {}}',
      '{"b":1.0,"a":"}{"} [1,\n2] 3 "x" 4',
      each('{"a":"}{","b":1}', '[1,2]', '3', '"x"', '4').map((text) => text),
    ],
    ['scanner: {json_documents: {}}', '{"a":1} {"b": {"c":2}', each('{"a":1}')],
    ['scanner: {json_array: {}}', ' [{"a":1}, 2]', each('{"a":1}', '2')],
    ['scanner: {re_match: {pattern: "\\\\d:"}}', 'x1:ab2:c', each('x', '1:ab', '2:c')],
    ['scanner: {decompress: {algorithm: gzip, into: {lines: {}}}}', gzipSync('a\nb\n'), each('a', 'b')],
    ['scanner: {decompress: {algorithm: zstd}}', zstdCompressSync('a\n'), each('a\n')],
    ['scanner: {decompress: {algorithm: lz4}}', compressorOf('lz4')(Buffer.from('abc'), -1), each('abc')],
    ['codec: gzip/lines', gzipSync('a\nb\n'), each('a', 'b')],
    ['codec: "delim:X"', 'aXb', each('a', 'b')],
    ['codec: "chunker:2"', 'abc', each('ab', 'c')],
    ['codec: lines/multipart', 'a\nb\n\nc\n', ['0/2<a>', '1/2<b>', '0/1<c>']],
    ['codec: auto', 'a\n', each('a\n')],
  ])('makes messages: %s of %j', async (options, stdin, expected) => {
    expect(await scanned(options, stdin)).toEqual(expected);
    expect(await scanned(options, stdin, 1_000)).toEqual(expected);
  });

  it('names the files of an archive', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-tar-'));
    await writeFile(join(folder, 'a.tar'), packTar([{ path: 'x/a', content: Buffer.from('1') }], 0));
    const text = `input: {file: {paths: [${folder}/a.tar], scanner: {tar: {}}}}\npipeline: {processors: [{mapping: 'root = @tar_name + content().string()'}]}\n`;
    expect(await runText(text)).toBe('x/a1\n');
  });

  it('is chosen by the name of the file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-switch-'));
    await Promise.all([writeFile(join(folder, 'a.csv'), 'h\n1\n'), writeFile(join(folder, 'b.txt'), 'x\ny\n')]);
    const cases = `[{re_match_name: '\\.csv$', scanner: {csv: {}}}, {scanner: {to_the_end: {}}}]`;
    expect(await runText(`input: {file: {paths: ['${folder}/*'], scanner: {switch: ${cases}}}}\n`)).toBe('{"h":"1"}\nx\ny\n');
  });

  it.each([
    ['scanner: {lines: {max_buffer_size: 3}}', 'ab\nabc\n', 'SOURCE_MALFORMED'],
    ['scanner: {json_array: {}}', '{"a":1}', 'SOURCE_MALFORMED'],
    ['scanner: {decompress: {algorithm: lz4}}', 'abc', 'SOURCE_MALFORMED'],
    ['codec: json_documents', '{}', 'COMPONENT_CONFIG'],
    ['scanner: {re_match: {pattern: "("}}', '{}', 'COMPONENT_CONFIG'],
  ])('refuses what it does not take: %s of %j', async (options, stdin, code) => {
    await expect(scanned(options, stdin)).rejects.toThrow(expect.objectContaining({ code }));
  });
});

it.each([
  'json_array: {}',
  'tar: {}',
  're_match: {pattern: x}',
  'decompress: {algorithm: lz4}',
  'decompress: {algorithm: bzip2}',
  'to_the_end: {}',
])('%s refuses a source that is too large to be held', async (scanner) => {
  const part = Buffer.alloc(64 * 1024 * 1024);
  const stdin = Readable.from([part, part, part, part, part]);
  await expect(runText(`input: {stdin: {scanner: {${scanner}}}}\noutput: {drop: {}}\n`, { stdin })).rejects.toThrow(
    'expected at most 268435456 bytes',
  );
});

describe('CSV', () => {
  it.each([
    ['{}', 'a,b\n1,x\n"2 ""q""","y,\nz"\n', ['{"a":"1","b":"x"}', '{"a":"2 \\"q\\"","b":"y,\\nz"}']],
    ['{custom_delimiter: "|"}', 'a|b\r\n1|x\r\n', ['{"a":"1","b":"x"}']],
    ['{parse_header_row: false}', 'a,b\n\n1,x', ['["a","b"]', '["1","x"]']],
    ['{}', 'a,b\n1\n2,3\nx"y,1\n4,5\n', ['{"a":"2","b":"3"}', '{"a":"4","b":"5"}']],
    ['{}', 'a\n"x"y\nz\n', ['{"a":"z"}']],
    ['{lazy_quotes: true}', 'a,b\nx"y,"1"2"\n', ['{"a":"x\\"y","b":"1\\"2"}']],
    ['{continue_on_error: true}', 'a,b\n1\n', ['{"a":"1"}']],
    ['{}', 'a,b\n', []],
  ])('rows as documents: %s of %j', async (options, stdin, expected) => {
    expect(await scanned(`scanner: {csv: ${options}}`, stdin)).toEqual(each(...expected));
    expect(await scanned(`scanner: {csv: ${options}}`, stdin, 1_000)).toEqual(each(...expected));
  });

  it('as an input has batches within files, the names as metadata, and takes short rows', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-csv-'));
    await Promise.all([writeFile(join(folder, 'a.csv'), 'a,b\n1\n2,x\n3,y,z\n'), writeFile(join(folder, 'b.csv'), 'a\n4\n')]);
    const text = `input: {csv: {paths: ['${folder}/*.csv'], batch_count: 2, delete_on_finish: true}}\npipeline: {processors: [{mapping: 'root = [batch_size(), this, @header]'}]}\n`;
    expect((await runText(text)).split('\n').filter(Boolean)).toEqual([
      '[2,{"a":"1"},["a","b"]]',
      '[2,{"a":"2","b":"x"},["a","b"]]',
      '[1,{"a":"3","b":"y"},["a","b"]]',
      '[1,{"a":"4"},["a"]]',
    ]);
    await expect(readFile(join(folder, 'a.csv'))).rejects.toThrow('ENOENT');
  });
});
