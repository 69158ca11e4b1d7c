import { describe, expect, it } from 'vitest';
import { compileConfig } from '../load-config.ts';

const SEQUENCE = '49590338271490256608559692538361571095921575989136588898';
const BENTHOS =
  'input: {label: in, aws_kinesis: {streams: [a, b], start_from_oldest: false}}\noutput: {aws_kinesis: {stream: s, partition_key: k}}\n';
const MODULE =
  'kind: io.statefun.kinesis.v1/ingress\nspec: {id: ns/in, startupPosition: {type: earliest}, streams: [{stream: a, valueType: v, targets: [output/aws_kinesis]}]}\n';

const load = (ingresses: string) =>
  compileConfig(
    [BENTHOS, MODULE, `sluice: {ingresses: ${ingresses}}`].map((text, index) => ({ name: `${index}.yaml`, text })),
    { env: {} },
  );

const startsOf = ({ config }: ReturnType<typeof load>) =>
  config.ingresses.map(({ id, start, streams }) => [id, start, ...streams.map((stream) => [stream.start, stream.shardStarts])]);

describe('settings of an ingress', () => {
  it('leave what they do not name to the files of either language', () => {
    expect(startsOf(load('{}'))).toEqual([
      ['input/in', { type: 'latest' }, [undefined, undefined], [undefined, undefined]],
      ['ns/in', { type: 'earliest' }, [undefined, undefined]],
    ]);
  });

  it('start it anywhere, in either language, down to single shards', () => {
    const loaded = load(
      `{input/in: {start: -2h, streams: {b: {start: 2026-01-31, shards: {shardId-000000000003: ${SEQUENCE}, shardId-000000000004: "at:${SEQUENCE}"}}}}, ns/in: {start: latest}}`,
    );
    expect(loaded.problems).toEqual([]);
    expect(startsOf(loaded)).toEqual([
      [
        'input/in',
        { type: 'back', durationMs: 7_200_000 },
        [undefined, undefined],
        [
          { type: 'timestamp', timestampMs: Date.UTC(2026, 0, 31) },
          {
            'shardId-000000000003': { type: 'after', sequenceNumber: SEQUENCE },
            'shardId-000000000004': { type: 'at', sequenceNumber: SEQUENCE },
          },
        ],
      ],
      ['ns/in', { type: 'latest' }, [undefined, undefined]],
    ]);
  });

  it('read streams of several regions and accounts, each where its ARN or its settings say', () => {
    const arn = 'arn:aws:kinesis:us-east-1:222233334444:stream/b';
    const text = `input: {label: in, aws_kinesis: {region: eu-west-1, streams: [a, "${arn}", c]}}\noutput: {aws_kinesis: {stream: s, partition_key: k}}\n`;
    const ours = `sluice: {ingresses: {input/in: {streams: {c: {region: eu-north-1, role: "arn:aws:iam::3:role/r", role_external_id: x}}}}}`;
    const { config, problems } = compileConfig(
      [text, ours].map((one, index) => ({ name: `${index}.yaml`, text: one })),
      { env: {} },
    );
    expect(config.ingresses[0]!.streams.map(({ aws }) => aws && [aws.region, aws.assumeRole])).toEqual([
      undefined,
      ['us-east-1', undefined],
      ['eu-north-1', { arn: 'arn:aws:iam::3:role/r', externalId: 'x' }],
    ]);
    expect(problems.map(({ severity, code, message }) => `${severity} ${code} ${message}`)).toEqual([
      `warning module.ineffective stream \`${arn}\` is read in \`us-east-1\`, which its ARN names; the region \`eu-west-1\` of its ingress has no effect on it`,
    ]);
  });

  it('have it read by enhanced fan-out, or poll, whatever else is said', () => {
    const consumersOf = (settings: string) =>
      compileConfig(
        [BENTHOS, MODULE, `sluice: ${settings}`].map((text, index) => ({ name: `${index}.yaml`, text })),
        { env: {} },
      ).config.ingresses.map(({ reader }) => reader.fanOut?.consumer);
    expect(consumersOf('{}')).toEqual([undefined, undefined]);
    expect(consumersOf('{fan_out: {consumer: app}}')).toEqual(['app', 'app']);
    expect(consumersOf('{fan_out: {consumer: app}, ingresses: {input/in: {fan_out: other}, ns/in: {fan_out: ""}}}')).toEqual([
      'other',
      undefined,
    ]);
  });

  it('write to a stream where its ARN says', () => {
    const arn = 'arn:aws:kinesis:us-east-1:222233334444:stream/b';
    const { config, problems } = compileConfig(
      [{ name: 'b.yaml', text: `output: {aws_kinesis: {region: eu-west-1, stream: "${arn}", partition_key: k}}\n` }],
      { env: {} },
    );
    expect(config.egresses[0]!.aws.region).toBe('us-east-1');
    expect(problems.map(({ message }) => message)).toEqual([
      `stream \`${arn}\` is written in \`us-east-1\`, which its ARN names; the region \`eu-west-1\` of its output has no effect on it`,
    ]);
  });

  it('pass on what cannot be unpacked, or say what else becomes of it', () => {
    const onErrorOf = (ingresses: string) => load(ingresses).config.ingresses.map(({ onError }) => onError);
    expect(onErrorOf('{input/in: {on_error: dead_letter}}')).toEqual(['dead_letter', 'pass']);
  });

  it.each([
    ['{ns/in: {on_error: skip}}', 'field.value 1:40 `on_error`: expected one of `pass`, `dead_letter`, `block`, `drop`'],
    ["{ns/in: {fan_out: 'my app!'}}", 'field.value 1:39 `fan_out`: expected a name of up to 128 letters, digits'],
    ['{ns/in: {start: yesterday}}', 'field.value 1:37 `start`: expected earliest, latest, a time such as'],
    [`{ns/in: {start: ${SEQUENCE}}}`, 'field.value 1:37 `start`: a sequence number belongs to one shard'],
    [`{ns/in: {streams: {a: {start: "at:${SEQUENCE}"}}}}`, 'field.value 1:51 `start`: a sequence number belongs to one shard'],
    ['{ns/in: {streams: {a: {shards: {s: 42}}}}}', 'field.value 1:56 `s`: expected earliest, latest'],
    ['{ns/in: {streams: {a: {role_external_id: x}}}}', 'field.value 1:43 `a`: `role_external_id` means nothing without `role`'],
    ['{ns/ni: {start: latest}}', 'target.unresolved 1:22 no ingress is called `ns/ni`; did you mean `ns/in`?'],
    [
      '{ns/in: {streams: {orders: {start: latest}}}}',
      'target.unresolved 1:40 no stream of ingress `ns/in` is called `orders`; there is `a`',
    ],
    ['{elsewhere: {}}', 'target.unresolved 1:22 no ingress is called `elsewhere`; there are `input/in`, `ns/in`'],
    ['{inptu/in: {}}', 'target.unresolved 1:22 no ingress is called `inptu/in`; did you mean `input/in`? there are `input/in`, `ns/in`'],
    [
      '{ns/in: {streams: {a: {region: mars}}}}',
      'field.value 2:64 `sluice.ingresses.ns/in.streams.a.region`: `mars` does not look like an AWS region such as `eu-west-1`',
    ],
    ['{ns/in: {streams: {a: {role: reader}}}}', 'field.value 1:50 `role`: expected the ARN of a role, such as'],
    ['{}, fan_out: {max_pause: 0s}', 'field.value 1:46 `max_pause`: must be at least 1000 ms, got `0s`'],
    ['{}, fan_out: {activation_timeout: -1s}', 'field.value 1:55 `activation_timeout`: must be at least 0 ms, got `-1s`'],
  ])('answer %s', (ingresses, expected) => {
    const [problem, ...others] = load(ingresses).problems;
    expect(others).toEqual([]);
    expect(`${problem!.code} ${problem!.line}:${problem!.column} ${problem!.message}`).toContain(expected);
  });
});
