// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolated strings are what a Benthos file holds
import { describe, expect, it } from 'vitest';
import { runText } from '../testing/rig.ts';

const IDS = '{"id":1}\n{"id":2}\n{"id":3}\n';
/** The documents of {@link IDS}, as one batch. */
const BATCH = 'input: {batched: {child: {stdin: {auto_replay_nacks: false}}, policy: {count: 3}}}\n';
const REPLAYED = 'input: {batched: {child: {stdin: {}}, policy: {count: 3}}}\n';
const refusing = (check: string) =>
  `switch: {cases: [{check: '${check}', output: {reject: 'no \${! json("id") }'}}, {output: {stdout: {}}}]}`;
const told = (label: string) => `{stdout: {}, processors: [{mapping: 'root = "${label} " + content().string()'}]}`;

const run = (config: string, stdin = IDS) => runText(config, { stdin });
const sorted = (text: string) => text.split('\n').filter(Boolean).sort();
let unique = 0;
/** True for the first `times` calls. */
const first = (times: number) => `count("composite ${unique++}") <= ${times}`;

describe('switch', () => {
  it('writes each message where it matches first, and drops what matches nothing', async () => {
    const cases = `{cases: [{check: this.id == 1, output: ${told('one')}}, {check: this.id < 3, output: ${told('low')}}]}`;
    expect(sorted(await run(`${BATCH}output: {switch: ${cases}}\n`))).toEqual(['low {"id":2}', 'one {"id":1}']);
  });

  it('writes to later cases too with continue, and takes a check that fails as not passed', async () => {
    const cases = `{cases: [{check: this.id == 1, continue: true, output: ${told('a')}}, {check: this.nope, output: ${told('b')}}, {output: ${told('c')}}]}`;
    expect(sorted(await run(`${BATCH}output: {switch: ${cases}}\n`))).toEqual(['a {"id":1}', 'c {"id":1}', 'c {"id":2}', 'c {"id":3}']);
  });

  it('refuses a whole batch with strict_mode if one message matches nothing', async () => {
    expect(await run(`${BATCH}output: {switch: {strict_mode: true, cases: [{check: this.id < 3, output: {stdout: {}}}]}}\n`)).toBe('');
  });

  it('has only the messages that failed delivered again', async () => {
    expect(await run(`${REPLAYED}output: {${refusing(`this.id == 2 && ${first(2)}`)}}\n`)).toBe('{"id":1}\n{"id":3}\n{"id":2}\n');
  });
});

describe('fallback', () => {
  it('hands on what was refused, as it came, with the reason', async () => {
    const last = `{stdout: {}, processors: [{mapping: 'root = content().string() + " " + @fallback_error'}]}`;
    const output = `{fallback: [{${refusing('this.id == 2')}}, ${last}]}`;
    expect(sorted(await run(`${BATCH}output: ${output}\n`))).toEqual(['{"id":1}', '{"id":2} no 2', '{"id":3}']);
  });

  it('fails with the last one', async () => {
    expect(await run(`${BATCH}output: {drop_on: {error_patterns: [two], output: {fallback: [{reject: one}, {reject: two}]}}}\n`)).toBe('');
  });
});

describe('retry', () => {
  it('delivers the whole batch again', async () => {
    const backoff = '{initial_interval: 1ms, max_interval: 1ms}';
    const output = `{retry: {backoff: ${backoff}, output: {${refusing(`this.id == 2 && ${first(1)}`)}}}}`;
    expect(await run(`${BATCH}output: ${output}\n`)).toBe('{"id":1}\n{"id":3}\n{"id":1}\n{"id":2}\n{"id":3}\n');
  });

  it('gives up after its retries', async () => {
    const output = '{fallback: [{retry: {max_retries: 1, backoff: {initial_interval: 1ms}, output: {reject: no}}}, {stdout: {}}]}';
    expect(await run(`${BATCH}output: ${output}\n`)).toBe(IDS);
  });
});

describe('drop_on', () => {
  it.each([
    ['error: true', ['{"id":1}', '{"id":3}']],
    ['error_patterns: ["no [2-9]"]', ['{"id":1}', '{"id":3}']],
    ['error_patterns: [other]', ['{"id":1}', '{"id":2}', '{"id":3}']],
  ])('drops what is refused, with %s', async (options, expected) => {
    const output = `{drop_on: {${options}, output: {${refusing(`this.id == 2 && ${first(1)}`)}}}}`;
    expect(sorted(await run(`${REPLAYED}output: ${output}\n`))).toEqual(expected);
  });

  const STUCK = '{drop: {}, processors: [{sleep: {duration: 10h}}]}';

  it.each([
    ['', IDS],
    ['error: true, ', ''],
    ['error_patterns: ["^experienced back pressure beyond: 1ms$"], ', ''],
  ])('refuses what is not written in time, and drops that only if it drops what is refused: {%s}', async (options, expected) => {
    const output = `{fallback: [{drop_on: {${options}back_pressure: 1ms, output: ${STUCK}}}, {stdout: {}}]}`;
    expect(sorted(await run(`input: {stdin: {}}\noutput: ${output}\n`))).toEqual(sorted(expected));
  });

  it('takes its time from when a batch comes: one that waited for the one before it has as much', async () => {
    const output = `{fallback: [{drop_on: {back_pressure: 10h, output: {stdout: {}, processors: [{sleep: {duration: 1ms}}]}}}, {reject: no}]}`;
    expect(sorted(await run(`input: {stdin: {}}\noutput: ${output}\n`))).toEqual(sorted(IDS));
  });
});

describe('reject_errored', () => {
  it('refuses messages whose processing failed, and writes the others', async () => {
    const processors = `pipeline: {processors: [{mapping: 'root = if this.id == 2 { throw("bad") }'}]}\n`;
    const failed = `{stdout: {}, processors: [{mapping: 'root = @fallback_error'}]}`;
    expect(sorted(await run(`${BATCH}${processors}output: {fallback: [{reject_errored: {stdout: {}}}, ${failed}]}\n`))).toEqual([
      'rejecting due to failed processing: failed assignment (line 1): bad',
      '{"id":1}',
      '{"id":3}',
    ]);
  });
});

describe('broker', () => {
  const broker = (pattern: string, ...outputs: string[]) =>
    `${BATCH}output: {broker: {pattern: ${pattern}, outputs: [${outputs.join(', ')}]}}\n`;
  const both = ['a {"id":1}', 'a {"id":2}', 'a {"id":3}', 'b {"id":1}', 'b {"id":2}', 'b {"id":3}'];

  it.each(['fan_out', 'fan_out_fail_fast', 'fan_out_sequential', 'fan_out_sequential_fail_fast'])('writes to all: %s', async (pattern) => {
    expect(sorted(await run(broker(pattern, told('a'), told('b'))))).toEqual(both);
  });

  it('writes to one that refuses again, and not to the others', async () => {
    const flaky = `{switch: {cases: [{check: '${first(1)}', output: {reject: no}}, {output: ${told('b')}}]}}`;
    expect(sorted(await run(broker('fan_out', told('a'), flaky)))).toEqual(both);
  });

  it('writes in turn only while each takes it', async () => {
    expect(await run(broker('fan_out_sequential_fail_fast', '{reject: no}', told('b')))).toBe('');
  });

  it.each(['round_robin', 'greedy'])('writes to one: %s', async (pattern) => {
    const single = broker(pattern, '{stdout: {}}', '{stdout: {}}').replace('count: 3', 'count: 2');
    expect(sorted(await run(single))).toEqual(sorted(IDS));
  });

  it('batches before it writes, and flushes what is left at the end of the input', async () => {
    const index = `{stdout: {}, processors: [{mapping: 'root = "%v/%v".format(batch_index(), batch_size())'}]}`;
    expect(await run(`output: {broker: {batching: {count: 2}, outputs: [${index}]}}\n`)).toBe('0/2\n1/2\n0/1\n');
  });
});

it.each([
  ['{switch: {cases: []}}', 'COMPONENT_CONFIG'],
  ['{fallback: []}', 'COMPONENT_CONFIG'],
  ['{broker: {outputs: []}}', 'COMPONENT_CONFIG'],
  ['{drop_on: {error_patterns: ["("], output: {drop: {}}}}', 'COMPONENT_CONFIG'],
])('%s cannot run', async (output, code) => {
  await expect(run(`output: ${output}\n`)).rejects.toThrow(expect.objectContaining({ code }));
});

describe('a resource', () => {
  it('is one component, wherever it is named: what comes to it shares its batches', async () => {
    const lines =
      'output_resources: [{label: r, broker: {outputs: [{stdout: {}}], batching: {count: 3, processors: [{archive: {format: json_array}}]}}}]\n';
    const cases = '{cases: [{check: this.id == 1, output: {resource: r}}, {output: {fallback: [{resource: r}, {drop: {}}]}}]}';
    expect(await run(`input: {stdin: {}}\noutput: {switch: ${cases}}\n${lines}`)).toBe('[{"id":1},{"id":2},{"id":3}]\n');
  });

  it('has beside its own the processors of the place that names it', async () => {
    const mapping = (text: string) => `processors: [{mapping: 'root = content().string() + "${text}"'}]`;
    const outputs = `[{resource: r, ${mapping(' here')}}]`;
    expect(
      await run(
        `input: {stdin: {}}\noutput: {broker: {outputs: ${outputs}}}\noutput_resources: [{label: r, stdout: {}, ${mapping(' own')}}]\n`,
        'a\n',
      ),
    ).toBe('a here own\n');
  });
});
