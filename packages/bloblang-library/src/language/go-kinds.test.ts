import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseInterpolation, parseMapping } from '../parse.ts';

describe('the literal empty array', () => {
  it.each([
    ['root = [].string()', 'null'],
    ['root.v = []', '{"v":[]}'],
    ['root = []', '[]'],
    ['root = {"a": [deleted()]}.format_json(no_indent: true)', '{"a":null}'],
    ['root.a = []\nroot.b = root.a.string()', '{"a":[],"b":"[]"}'],
    ['root = [].merge([]).string()', 'null'],
    ['root = this.a.string()', '[]'],
    ['root = [].append(1)', '[1]'],
    ['root = [].slice(0).string()', 'null'],
    ['root = "%3v|%s".format([null, 1], [null])', '[<nil>   1]|[<nil>]'],
    ['root.a = []\nroot.a."-" = 1\nroot.b = []', '{"a":[1],"b":[]}'],
    ['root = [].format_msgpack().encode("hex")', 'c0'],
  ])('%s gives %s', (mapping, expected) => {
    expect(run(mapping, '{"a":[]}')).toBe(expected);
  });
});

describe('a number beyond all floats', () => {
  it.each([
    ['root = this.f * 2', 'cannot multiply types string (from field `this.f`) and number (from number literal)'],
    ['root = this.f / 2', 'cannot divide types number (from field `this.f`) and number (from number literal)'],
    ['root = this.f > 2', 'cannot compare types number (from field `this.f`) and number (from number literal)'],
    ['root = 2 > this.f', 'cannot compare types number (from number literal) and string (from field `this.f`)'],
    ['root = this.f.ceil()', 'field `this.f`: failed to parse number: strconv.ParseFloat: parsing "1e309": value out of range'],
  ])('%s fails', (mapping, message) => {
    expect(run(mapping, '{"f":1e309}')).toBe(`failed assignment (line 1): ${message}`);
  });

  it.each([
    ['root = this.f', '1e309'],
    ['root = this.f == this.f', 'true'],
    ['root = this.f < "2"', 'true'],
    ['root = 1 == this.f', 'false'],
  ])('%s gives %s', (mapping, expected) => {
    expect(run(mapping, '{"f":1e309}')).toBe(expected);
  });
});

describe('a number of less than 64 bits', () => {
  it.each([
    ['root = 5.int32() + 1', 'failed assignment (line 1): cannot add types number (from method int32) and number (from number literal)'],
    ['root = 5.int8().round()', 'failed assignment (line 1): expected number value, got number from method int8 (5)'],
    ['root = 1 + 5.uint16()', '6'],
    ['root = 5.int32() * 2', '10'],
    ['root = "%T %d".format(5.uint8(), 5.uint8())', 'uint8 5'],
    ['root = 5.int16().format_msgpack().encode("hex")', 'd10005'],
    ['root = this.f.float32()', 'failed assignment (line 1): strconv.ParseFloat: parsing "3.4e39": value out of range'],
  ])('%s gives %s', (mapping, expected) => {
    expect(run(mapping, '{"f":3.4e39}')).toBe(expected);
  });
});

describe('metadata', () => {
  const message = { content: Buffer.from('{"n":1000000.5}'), metadata: { f: 1000000.5, o: { f: 2000000.25 } } };

  it('that came with the message holds floats', () => {
    expect(parseInterpolation('${! @f } ${! @o.f } ${! meta("f") }').evaluate([message], 0)).toBe(
      '1.0000005e+06 2.00000025e+06 1.0000005e+06',
    );
  });

  it('that a mapping took from a document keeps the text of its numbers, for later steps too', () => {
    const outcome = parseMapping('meta n = this.n').map([message], 0);
    if (outcome.kind !== 'mapped') throw new Error(outcome.kind);
    expect(parseInterpolation('${! @n }').evaluate([outcome.message], 0)).toBe('1000000.5');
  });
});

describe('a byte that is not UTF-8', () => {
  it('becomes an escape in a document, as a value and as a key', () => {
    expect(run('root.v = "ff".decode("hex").string()', '{}')).toBe('{"v":"\\ufffd"}');
    expect(run('root."\\xff" = 1', '{}')).toBe('{"\\ufffd":1}');
    expect(run('root.v = "\\\\ufffd"', '{}')).toBe('{"v":"\\\\ufffd"}');
  });
});

describe('a mutation of the document null', () => {
  const mutate = (mapping: string) => parseMapping(mapping).mutate([{ content: Buffer.from('null'), metadata: {} }], 0);

  it('finds no document to read', () => {
    expect(mutate('root.v = this.i')).toMatchObject({
      kind: 'failed',
      error: { message: "failed assignment (line 1): unable to reference message as structured (with 'this.i'): message is empty" },
    });
  });

  it('may write one, or leave it', () => {
    expect(mutate('root.v = 1')).toMatchObject({ kind: 'mapped', message: { content: Buffer.from('{"v":1}') } });
    expect(mutate('meta k = 1')).toMatchObject({ kind: 'mapped', message: { content: Buffer.from('null') } });
  });
});

describe('a timestamp at the far end', () => {
  it.each([
    ['root = 9223372036854775807.ts_format()', '292277026596-12-04T15:30:07Z'],
    ['root = 12345678901234567890.5.ts_format()', '292277026596-12-04T15:30:08Z'],
    ['root = 9223372036854775.ts_format()', '292278994-08-17T07:12:55Z'],
    ['root = 9223372036854775807.ts_sub(0)', '-9223372036854775808'],
  ])('%s gives %s', (mapping, expected) => {
    expect(run(mapping.replaceAll('.ts_format()', '.ts_format("2006-01-02T15:04:05Z07:00", "UTC")'), '{}')).toBe(expected);
  });
});

describe('file', () => {
  it('reads a file up to a limit only', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-file-'));
    try {
      const path = join(folder, 'sparse');
      writeFileSync(path, 'x');
      expect(run(`root = file("${path}")`, '{}')).toBe('x');
      truncateSync(path, 64 * 1024 * 1024 + 1);
      expect(() => parseMapping(`root = file("${path}")`)).toThrow('the file exceeds the maximum of 67108864 bytes');
      expect(() => parseMapping(`import "${path}"\nroot = 1`)).toThrow('the file exceeds the maximum of 67108864 bytes');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('aes in gcm', () => {
  it('authenticates what it decrypts', () => {
    const key = 'let k = "0123456789abcdef"\n';
    const sealed = run(`${key}root = "hello".encrypt_aes("gcm", $k, "nonce").encode("hex")`, '{}');
    expect(sealed).toHaveLength(2 * (5 + 16));
    expect(run(`${key}root = "${sealed}".decode("hex").decrypt_aes("gcm", $k, "nonce").string()`, '{}')).toBe('hello');
    expect(run(`${key}root = "00${sealed.slice(2)}".decode("hex").decrypt_aes("gcm", $k, "nonce")`, '{}')).toContain(
      'gcm decrypting failed: cipher: message authentication failed',
    );
  });
});

function run(mapping: string, document: string): string {
  const outcome = parseMapping(mapping).map([{ content: Buffer.from(document), metadata: {} }], 0);
  if (outcome.kind === 'mapped') return Buffer.from(outcome.message.content).toString();
  return outcome.kind === 'failed' ? outcome.error.message : outcome.kind;
}
