import { describe, expect, it } from 'vitest';
import { parseMapping } from '../../parse.ts';

function run(mapping: string, input: unknown = null): string {
  const outcome = parseMapping(mapping).map([{ content: Buffer.from(JSON.stringify(input)), metadata: {} }], 0);
  if (outcome.kind === 'failed') return outcome.error.message.replace('failed assignment (line 1): ', '');
  return outcome.kind === 'mapped' ? Buffer.from(outcome.message.content).toString() : 'dropped';
}

describe('parse_json', () => {
  it('makes floats of numbers unless told to keep them', () => {
    expect(run('root = this.parse_json()', '[1.0, 9007199254740993]')).toBe('[1,9007199254740992]');
    expect(run('root = this.parse_json(use_number: true)', '[1.0, 9007199254740993]')).toBe('[1.0,9007199254740993]');
  });

  it('reads one document and no further', () => {
    expect(run('root = this.parse_json()', ' {"a":1} trailing')).toBe('{"a":1}');
    expect(run('root = this.parse_json()', '1 2')).toBe('1');
  });

  it.each([
    ['', 'field `this`: failed to parse value as JSON: EOF'],
    ['{"a":', 'field `this`: failed to parse value as JSON: unexpected EOF'],
    ['[1e999]', 'field `this`: failed to parse value as JSON: json: cannot unmarshal number 1e999 into Go value of type float64'],
    [5, 'expected string value, got number from field `this` (5)'],
  ])('refuses %j', (input, message) => {
    expect(run('root = this.parse_json()', input)).toBe(message);
  });
});

describe('format_json', () => {
  it('writes bytes, with an indent unless it is empty', () => {
    expect(run('root = this.format_json().type()', {})).toBe('bytes');
    expect(run('root = this.format_json("")', { b: [], a: { c: 1 } })).toBe('{"a":{"c":1},"b":[]}');
    expect(run('root = this.format_json("\\t")', { b: [], a: { c: 1 } })).toBe('{\n\t"a": {\n\t\t"c": 1\n\t},\n\t"b": []\n}');
  });
});

describe('parse_csv', () => {
  it('needs a record and a delimiter of one character', () => {
    expect(run('root = this.parse_csv()', '\n\n')).toBe('field `this`: zero records were parsed');
    expect(run('root = this.parse_csv(delimiter: "ab")', 'x')).toBe('field `this`: delimiter value must be exactly one character');
    expect(run('root = this.parse_csv()', 'a,a\n1,2')).toBe('[{"a":"2"}]');
  });
});

describe('parse_form_url_encoded', () => {
  it.each([
    ['a=1&b=2&a=3&&c', '{"a":["1","3"],"b":"2","c":""}'],
    ['a+b=%C3%A9%2B', '{"a b":"é+"}'],
    ['__proto__=x', '{"__proto__":"x"}'],
    ['a=%zz', 'failed to parse value as url-encoded data: invalid URL escape "%zz"'],
    ['a=%zz&b;c', 'failed to parse value as url-encoded data: invalid semicolon separator in query'],
  ])('%s', (text, expected) => {
    expect(run('root = this.parse_form_url_encoded()', text)).toBe(expected);
  });
});

describe('parse_logfmt', () => {
  it.each([
    ['level=info msg="hello world" dur=1.5s', '{"dur":"1.5s","level":"info","msg":"hello world"}'],
    ['a= b  c="" d="x\\n\\"y\\""', '{"a":"","b":true,"c":"","d":"x\\n\\"y\\""}'],
    ['a=1\na=2 é=ü', '{"a":"1\\na=2","é":"ü"}'],
    ['a=b=c =x d = "e" f="g"h', '{"\\"e\\"":true,"a":"b=c","d":true,"f":"g","h":true}'],
    ['', '{}'],
  ])('%j', (text, expected) => {
    expect(run('root = this.parse_logfmt()', text)).toBe(expected);
  });

  it('fails on a quoted value without an end', () => {
    expect(run('root = this.parse_logfmt()', 'a="b')).toBe('field `this`: logfmt: unterminated quoted value for key "a"');
  });
});

describe('infer_schema', () => {
  it('describes computed values', () => {
    expect(
      run(
        'root = {"s": "x", "f": 1.5, "i": 2, "n": null, "l": [true, false]}.infer_schema().children.map_each(c -> c.without("fingerprint"))',
      ),
    ).toBe(
      '[{"name":"f","type":"FLOAT64"},{"name":"i","type":"INT64"},' +
        '{"children":[{"fingerprint":"016dc7ffd2b9e7175cdffba7b93e1a250bdcbfff9e35718a0e851219d9341fb6","type":"BOOLEAN"}],"name":"l","type":"ARRAY"},' +
        '{"name":"n","type":"NULL"},{"name":"s","type":"STRING"}]',
    );
  });

  it('gives equal schemas equal fingerprints', () => {
    expect(run('root = {"a": 1}.infer_schema().fingerprint == {"a": 2}.infer_schema().fingerprint')).toBe('true');
    expect(run('root = {"a": 1}.infer_schema().fingerprint == {"b": 1}.infer_schema().fingerprint')).toBe('false');
  });

  it('tells integers from floats in a document', () => {
    expect(run('root = this.infer_schema().children.map_each(c -> c.type)', { a: 1, b: 1.5 })).toBe('["INT64","FLOAT64"]');
  });

  it('refuses mixed arrays', () => {
    expect(run('root = this.infer_schema()', { a: [1, 1.5] })).toBe('.a.1 mismatched array types, found INT64 and FLOAT64');
    expect(run('root = this.infer_schema()', { a: ['x', true] })).toBe('.a.1 mismatched array types, found STRING and BOOLEAN');
  });
});
