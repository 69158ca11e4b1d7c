import { type Logger, silentLogger, systemClock } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { compileProcessors } from './compile-processors.ts';
import { PLAIN_RUN, type ProcessorPorts, type ProcessorSettings } from './processor.ts';
import { messageOf, step, text } from './testing/chain.ts';

const metric = (options: Readonly<Record<string, unknown>>) => step('metric', { name: 'm', value: text(''), ...options });

describe('metric', () => {
  it('counts messages by labels, which the processor has two of', () => {
    const { counted } = runWith([metric({ type: 'counter', labels: { t: text('${! json("t") }') } })], ['{"t":"a"}', '{"t":"b"}', '{}']);
    expect(counted).toEqual(['m a 1', 'm b 1', 'm null 1'].map((line) => line.replace('m ', 'counter m label=,path=root.metric,t=')));
  });

  it('measures by a number of each message, and only logs what is none', () => {
    const value = text('${! content() }');
    const { counted, lines } = runWith([metric({ type: 'counter_by', value })], ['2.5', 'x', '-1', '-0.5', '1e2']);
    expect(counted).toEqual(['counter m label=,path=root.metric 2.5', 'counter m label=,path=root.metric 100']);
    expect(lines).toEqual([
      'Handler error: strconv.ParseFloat: parsing "x": invalid syntax',
      'Handler error: value -1 is negative',
      'Handler error: value -0.500000 is negative',
    ]);
    expect(runWith([metric({ type: 'timing', value })], ['7', '1.5']).lines).toEqual([
      'Handler error: strconv.ParseInt: parsing "1.5": invalid syntax',
    ]);
  });

  it('is refused without a name, or with one that is taken', () => {
    expect(() => runWith([metric({ type: 'counter', name: '' })], [])).toThrow('metric name must not be empty');
    expect(() => runWith([metric({ type: 'counter', name: 'taken' })], [])).toThrow('test.yaml(3,7) `root.metric`: taken is taken');
  });
});

describe('benchmark', () => {
  it('counts, and logs the throughput with the first batch after each interval', () => {
    let nowMs = 0;
    const steps = [step('benchmark', { interval: 2_000, count_bytes: true })];
    const { counted, lines, again } = runWith(steps, ['a', 'bb'], { clock: { ...systemClock, now: () => nowMs } });
    expect(lines).toEqual([]);
    nowMs = 4_000;
    again(['x'.repeat(5_997)]);
    nowMs = 5_000;
    again(['a']);
    expect(lines).toEqual(['rolling stats: 0.75 msg/sec, 1.5 kB/sec']);
    expect(counted.slice(0, 2)).toEqual(
      ['benchmark_messages_total', 'benchmark_bytes_total'].map((name, index) => `counter ${name} label=,path=root.benchmark ${index + 2}`),
    );
  });
});

describe('sync_response', () => {
  it('answers with the batch as it is, and changes nothing', () => {
    const answers: string[][] = [];
    const chain = compileProcessors([step('for_each', { processors: [step('sync_response')] })], {
      ...{ logger: silentLogger, refusesFailed: false, clock: systemClock },
    });
    const results = chain.run([messageOf('a'), messageOf('b')], {
      ...PLAIN_RUN,
      respond: (answer) => void answers.push(answer.map(({ content }) => Buffer.from(content).toString())),
    });
    expect(answers).toEqual([['a'], ['b']]);
    expect(results).toHaveLength(2);
  });
});

describe('crash', () => {
  it('logs its message and throws what ends the process', () => {
    const lines: string[] = [];
    expect(() => runWith([step('crash', { message: text('bye ${! content() }') })], ['a'], {}, lines)).toThrow(
      'ends the process, as configured',
    );
    expect(lines).toEqual(['bye a']);
  });
});

function runWith(
  steps: readonly ProcessorSettings[],
  batch: readonly string[],
  ports: Partial<ProcessorPorts> = {},
  lines: string[] = [],
): { readonly counted: string[]; readonly lines: string[]; again(batch: readonly string[]): void } {
  const counted: string[] = [];
  const write = (message: string) => void lines.push(message);
  const logger: Logger = { ...silentLogger, info: write, error: write };
  const chain = compileProcessors(steps, {
    logger,
    refusesFailed: false,
    clock: { ...systemClock, now: () => 0 },
    metrics: {
      open: ({ kind, name }) => {
        if (name === 'taken') throw new RangeError('taken is taken');
        return (labels, value) =>
          void counted.push(
            `${kind} ${name} ${Object.entries(labels)
              .map((pair) => pair.join('='))
              .join(',')} ${value}`,
          );
      },
    },
    ...ports,
  });
  const again = (texts: readonly string[]): void => void chain.run(texts.map((one) => messageOf(one)));
  if (batch.length > 0) again(batch);
  return { counted, lines, again };
}
