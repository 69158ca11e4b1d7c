import { parseMapping } from '@sluice/bloblang-library';
import { describe, expect, it } from 'vitest';
import { type MapLinesOptions, mapLines } from './map-lines.ts';

describe('mapLines', () => {
  it('writes the new message of each line as a line', async () => {
    expect(await mapped('root.b = this.a', '{"a":1}\n{"a":2.0}')).toEqual({ output: '{"b":1}\n{"b":2.0}\n', errors: [], failures: 0 });
  });

  it('writes nothing for a message that is dropped', async () => {
    expect(await mapped('root = if this.a == 1 { deleted() }', '{"a":1}\n{"a":2}')).toMatchObject({ output: '{"a":2}\n' });
  });

  it('reports a line that fails with its number, and goes on', async () => {
    expect(await mapped('root = this.a.uppercase()', '{"a":"x"}\n{"a":1}\nno json\n{"a":"y"}')).toEqual({
      output: 'X\nY\n',
      errors: [
        'line 2: failed to execute map: failed assignment (line 1): expected string value, got number from field `this.a` (1)',
        "line 3: failed to execute map: failed assignment (line 1): unable to reference message as structured (with 'this.a'): " +
          "parse as json: invalid character 'o' in literal null (expecting 'u')",
      ],
      failures: 2,
    });
  });

  it('reports a value that JSON has no words for, and writes no line', async () => {
    expect(await mapped('root.n = this.n.number()', '{"n":"1"}\n{"n":"NaN"}\n{"n":"-Inf"}\n{"n":"2"}')).toEqual({
      output: '{"n":1}\n{"n":2}\n',
      errors: [
        'line 2: failed to write the new message: json: unsupported value: NaN',
        'line 3: failed to write the new message: json: unsupported value: -Inf',
      ],
      failures: 2,
    });
  });

  it('hands a raw line over as bytes, JSON or not', async () => {
    expect(await mapped('root = this.type() + ":" + this.string()', '{"a":1}\n<b>', { isRaw: true })).toMatchObject({
      output: 'bytes:{"a":1}\nbytes:<b>\n',
    });
  });

  it('writes documents on several lines when asked to, and texts as they are', async () => {
    expect(await mapped('root = this.a', '{"a":{"z":1.0,"b":[]}}\n{"a":"text"}', { isPretty: true })).toMatchObject({
      output: '{\n  "b": [],\n  "z": 1.0\n}\ntext\n',
    });
  });

  it('refuses a line that is too long and maps the others', async () => {
    expect(await mapped('root = content().uppercase()', 'a\n0123456789\nb', { maxLineBytes: 5 })).toEqual({
      output: 'A\nB\n',
      errors: ['line 2: 10 bytes, more than the 5 that a line may have'],
      failures: 1,
    });
  });

  it('writes while it reads, and waits for room', async () => {
    const events: string[] = [];
    async function* input(): AsyncGenerator<Uint8Array> {
      for (const line of ['a', 'b']) {
        events.push(`read ${line}`);
        yield Buffer.from(`${line}\n`);
      }
    }
    const write = async (output: Uint8Array): Promise<void> => {
      await Promise.resolve();
      events.push(`written ${Buffer.from(output).toString().trim()}`);
    };

    await mapLines({ ...defaults, mapping: parseMapping('root = content()'), input: input(), write });

    expect(events).toEqual(['read a', 'written a', 'read b', 'written b']);
  });
});

const defaults = { isRaw: false, isPretty: false, maxLineBytes: 1024, reportError: () => {} };

async function mapped(mapping: string, input: string, options: Partial<MapLinesOptions> = {}) {
  let output = '';
  const errors: string[] = [];
  const failures = await mapLines({
    ...defaults,
    mapping: parseMapping(mapping),
    input: (async function* () {
      yield Buffer.from(input);
    })(),
    write: async (bytes) => {
      output += Buffer.from(bytes).toString();
    },
    reportError: (text) => errors.push(text),
    ...options,
  });
  return { output, errors, failures };
}
