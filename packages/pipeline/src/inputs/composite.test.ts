import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runText } from '../testing/rig.ts';

const sorted = (text: string) => text.split('\n').filter(Boolean).sort();
const generate = (mapping: string, count = 1) => `{generate: {count: ${count}, interval: '', mapping: '${mapping}'}}`;
let unique = 0;
const counter = () => `count("inputs ${unique++}")`;

describe('broker', () => {
  it('reads all inputs, each as often as there are copies', async () => {
    const inputs = [generate('root = "a"', 2), generate('root = "b"')].join(', ');
    expect(sorted(await runText(`input: {broker: {copies: 2, inputs: [${inputs}]}}\n`))).toEqual(['a', 'a', 'a', 'a', 'b', 'b']);
  });
});

describe('a resource', () => {
  const resource = `input_resources: [{label: r, ${generate('root = "a"', 5).slice(1, -1)}}]\n`;

  it('is read once, however many read it', async () => {
    expect(await runText(`input: {broker: {inputs: [{resource: r}, {resource: r}]}}\n${resource}`)).toBe('a\na\na\na\na\n');
  });

  it('is read anew after its end', async () => {
    expect(sorted(await runText(`input: {sequence: {inputs: [{resource: r}, {resource: r}]}}\n${resource}`))).toHaveLength(10);
  });

  it('goes on for others where one has read enough', async () => {
    const some = "{read_until: {check: 'true', input: {resource: r}}}";
    expect(sorted(await runText(`input: {broker: {inputs: [${some}, {resource: r}]}}\n${resource}`))).toHaveLength(5);
  });
});

describe('sequence', () => {
  it('reads inputs in turn', async () => {
    const inputs = [generate('root = "a"', 2), generate('root = "b"'), '{stdin: {}}'].join(', ');
    expect(await runText(`input: {sequence: {inputs: [${inputs}]}}\n`, { stdin: 'z\n' })).toBe('a\na\nb\nz\n');
  });

  it.each([
    ['full-outer', 'array', ['{"id":"1","x":["a","b"]}', '{"id":"2","x":"c"}', '{"id":"3","x":"d"}']],
    ['full-outer', 'replace', ['{"id":"1","x":"b"}', '{"id":"2","x":"c"}', '{"id":"3","x":"d"}']],
    ['full-outer', 'keep', ['{"id":"1","x":"a"}', '{"id":"2","x":"c"}', '{"id":"3","x":"d"}']],
    ['outer', 'keep', ['{"id":"1","x":"a"}', '{"id":"3","x":"d"}']],
  ])('joins documents by id: %s, %s', async (type, strategy, expected) => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-join-'));
    await writeFile(join(folder, 'a'), '{"id":"1","x":"a"}\n{"id":"2","x":"c"}\n');
    await writeFile(join(folder, 'b'), '{"id":"1","x":"b"}\n{"id":"3","x":"d"}\n');
    const inputs = ['a', 'b'].map((name) => `{file: {paths: [${folder}/${name}]}}`).join(', ');
    const joinOptions = `{type: ${type}, id_path: id, iterations: 3, merge_strategy: ${strategy}}`;
    expect(sorted(await runText(`input: {sequence: {sharded_join: ${joinOptions}, inputs: [${inputs}]}}\n`))).toEqual(expected);
  });

  it('delivers a document without the id as it is', async () => {
    const text = 'input: {sequence: {sharded_join: {type: full-outer, id_path: id}, inputs: [{stdin: {}}]}}\n';
    expect(sorted(await runText(text, { stdin: '{"id":1}\nx\n{"a":1}\n' }))).toEqual(['x', '{"a":1}', '{"id":1}']);
  });
});

describe('read_until', () => {
  it('delivers to the message that passes, and no further; a check that fails is not passed', async () => {
    const text = 'input: {read_until: {check: this.a.b == 1, input: {stdin: {}}}}\n';
    expect(await runText(text, { stdin: '{"a":"x"}\n{"a":{"b":1}}\nz\n' })).toBe('{"a":"x"}\n{"a":{"b":1}}\n');
  });

  it('needs something that ends it', async () => {
    await expect(runText('input: {read_until: {input: {stdin: {}}}}\n')).rejects.toMatchObject({
      code: 'COMPONENT_CONFIG',
      message: expect.stringContaining('expected `check` or `idle_timeout`'),
    });
  });

  it('looks at the first message of a batch', async () => {
    const input = (id: number) =>
      `input: {read_until: {check: this == ${id}, input: {generate: {count: 4, batch_size: 2, interval: '', mapping: 'root = ${counter()}'}}}}\n`;
    expect([await runText(input(1)), await runText(input(2))]).toEqual(['1\n2\n', '1\n2\n3\n4\n']);
  });

  it('reads an input anew', async () => {
    const text = `input: {read_until: {check: '${counter()} == 3', restart_input: true, input: ${generate('root = "a"', 2)}}}\n`;
    expect(await runText(text)).toBe('a\na\na\n');
  });

  it('ends when nothing has come for a while', async () => {
    const text = `input: {read_until: {idle_timeout: 1s, input: {generate: {interval: 1h, mapping: 'root = "a"'}}}}\n`;
    expect(await runText(text)).toBe('a\n');
  });
});

it.each(['{broker: {inputs: []}}', '{sequence: {inputs: []}}', '{batched: {child: {stdin: {}}, policy: {}}}'])(
  '%s cannot run',
  async (input) => {
    await expect(runText(`input: ${input}\n`)).rejects.toThrow(expect.objectContaining({ code: 'COMPONENT_CONFIG' }));
  },
);
