// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolated strings are what a Benthos file holds
import { describe, expect, it } from 'vitest';
import { load, output } from './testing/load-text.ts';

describe('-s path=value', () => {
  it.each([
    ['output.aws_kinesis.stream=other', { type: 'fixed', stream: 'other' }],
    ['output.aws_kinesis={stream: x, partition_key: y}', { type: 'fixed', stream: 'x' }],
  ])('%s', (override, stream) => {
    const { config, texts } = load(output(''), { overrides: [override] });
    expect([config.egresses[0]?.stream, texts]).toEqual([stream, []]);
  });

  it('makes what is on the way, and appends to a list', () => {
    const { config, texts } = load(output(''), {
      overrides: [
        'output.aws_kinesis.batching.count=5',
        'pipeline.processors={}',
        'pipeline.processors=[]',
        'pipeline.processors.-={noop: {}}',
      ],
    });
    expect([config.egresses[0]?.batching?.count, config.egresses[0]?.processors.length, texts]).toEqual([5, 1, []]);
  });

  it.each([
    ['nonsense', 'error override.invalid 1:1 expected `path=value`, for example `output.aws_kinesis.stream=orders`'],
    ['output.aws_kinesis.strem=x', 'error field.unknown 1:1 unknown field `strem` in `output.aws_kinesis`; did you mean `stream`?'],
    ['output.aws_kinesis.max_in_flight=x', 'error field.value 1:34 `max_in_flight`: expected an integer, got `x`'],
    ['sluice=3', 'error override.invalid 1:1 `sluice` takes an object; name one of its fields, for example `sluice.lanes=8`'],
  ])('is refused where it is wrong: %s', (override, expected) => {
    expect(load(output(''), { overrides: [override] }).texts).toEqual([expected]);
  });
});
