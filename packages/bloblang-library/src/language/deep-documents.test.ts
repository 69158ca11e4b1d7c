import { describe, expect, it } from 'vitest';
import { parseInterpolation, parseMapping } from '../parse.ts';

const DEPTH = 9_000;
const arrays = '['.repeat(DEPTH) + ']'.repeat(DEPTH);
const objects = `${'{"a":'.repeat(DEPTH)}1.0${'}'.repeat(DEPTH)}`;

describe.each([
  ['arrays', arrays],
  ['objects with a number that must keep its text', objects],
])('a document of %s, 9,000 levels deep', (_, document) => {
  // The documents are too long for a report.
  it.each([
    ['root.a = this', `{"a":${document}}`],
    ['root = this\nroot = root', document],
    ['let x = this\nroot.a = $x\nroot.b = root.a == this', `{"a":${document},"b":true}`],
    ['root = this.format_json(no_indent: true)', document],
    ['root = this.string()', document],
    ['root = content().string().parse_json(use_number: true)', document],
    ['root = [this].index(0)', document],
    ['meta copy = this\nroot = @copy', document],
  ])('comes through %s', (mapping, expected) => {
    expect(mapped(mapping, document) === expected).toBe(true);
  });

  it('comes through a mutation, and an interpolated string', () => {
    const edited = outcomeOf(parseMapping('root.b = 1').mutate([messageOf(`{"a":${document}}`)], 0));
    expect(edited === `{"a":${document},"b":1}`).toBe(true);
    expect(parseInterpolation('${! this }').evaluate([messageOf(document)], 0) === document).toBe(true);
  });

  it('is read by parse_json and parse_yaml', () => {
    expect(mapped('root = this.text.parse_json().type()', JSON.stringify({ text: document }))).toMatch(/array|object/);
    expect(mapped('root = this.text.parse_yaml().type()', JSON.stringify({ text: document }))).toMatch(/array|object/);
  });
});

describe('a document that is too deep', () => {
  it('is refused where it is read', () => {
    const document = '['.repeat(10_001) + ']'.repeat(10_001);
    expect(mapped('root.a = this', document)).toBe(
      "failed assignment (line 1): unable to reference message as structured (with 'this'): parse as json: exceeded max depth",
    );
  });

  it('fails, and does not leave empty, when a mapping has made it', () => {
    const mapping = 'root = range(0, 30000).fold([], item -> [item.tally])';
    const outcome = parseMapping(mapping).map([messageOf('{"kept":1}')], 0);
    expect(outcome).toMatchObject({ kind: 'failed', error: { message: 'exceeded max depth' }, message: messageOf('{"kept":1}') });
  });

  it.each(['collapse()', 'format_yaml()', 'merge(this)', 'format_msgpack()', 'diff({"b": 1})', 'sort()', 'format_xml()'])(
    'is an error, and never a crash, in %s',
    (method) => {
      const outcome = parseMapping(`root = this.${method}`).map([messageOf(`{"a":${arrays}}`)], 0);
      if (outcome.kind === 'mapped') expect(outcome.message.content.length).toBeGreaterThan(0);
      else expect(outcome).toMatchObject({ kind: 'failed', error: { message: expect.not.stringContaining('call stack') } });
      expect(parseInterpolation(`\${! this.${method}.string().catch("failed") }`).evaluate([messageOf(`{"a":${arrays}}`)], 0)).not.toBe('');
    },
  );
});

describe('a document that JSON has no words for', () => {
  it.each(['root = 2.pow(5000)', 'root.a = 2.pow(5000)', 'root.t = 9223372036854775.timestamp()'])(
    'leaves without content, and with the reason: %s',
    (mapping) => {
      const outcome = parseMapping(mapping).map([messageOf('{}')], 0);
      expect(outcome).toMatchObject({ kind: 'mapped', loss: { message: expect.stringMatching(/^json: /) } });
    },
  );
});

const messageOf = (content: string) => ({ content: Buffer.from(content), metadata: {} });

const mapped = (mapping: string, document: string): string => outcomeOf(parseMapping(mapping).map([messageOf(document)], 0));

function outcomeOf(outcome: ReturnType<ReturnType<typeof parseMapping>['map']>): string {
  if (outcome.kind === 'mapped') return Buffer.from(outcome.message.content).toString();
  return outcome.kind === 'failed' ? outcome.error.message : outcome.kind;
}
