// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolated strings are what a Benthos file holds
import { describe, expect, it } from 'vitest';
import { compileConfig } from '../load-config.ts';
import { load, output } from './testing/load-text.ts';

describe('components', () => {
  it('are found among resources by their labels', () => {
    const { config, texts } = load(`
input: {resource: src, processors: [{resource: clean}]}
output: {resource: dst}
input_resources: [{label: src, aws_kinesis: {streams: [a]}}]
output_resources: [{label: dst, aws_kinesis: {stream: b, partition_key: k}}, {label: other, aws_kinesis: {stream: c, partition_key: k}}]
processor_resources: [{label: clean, mapping: root = this}]
`);
    expect(texts).toEqual([]);
    expect(config.egresses.map(({ id }) => id)).toEqual(['output/dst', 'output/other']);
    expect(
      config.ingresses.map(({ id, processors }) => ({ id, processors: processors.map(({ type, label }) => `${type} ${label}`) })),
    ).toEqual([{ id: 'input/src', processors: ['mapping clean'] }]);
    expect(config.ingresses[0]?.streams[0]?.targets).toMatchObject([{ type: 'egress', egressId: 'output/dst' }]);
  });

  it('that Sluice does not have are reported where they are defined, not where they are referred to', () => {
    const { texts } = load(`input: {resource: r}\ninput_resources: [{label: r, kafka: {}}]\n${output('')}`);
    expect(texts).toEqual([expect.stringContaining('warning component.unsupported 2:30 Sluice does not read the input `kafka`')]);
  });

  it('are named by `type` too', () => {
    expect(load('output: {type: aws_kinesis, plugin: {stream: a, partition_key: k}}\n').config.egresses[0]?.stream).toEqual({
      type: 'fixed',
      stream: 'a',
    });
  });

  it.each([
    [
      'output: {kafka: {}}',
      expect.stringMatching(
        /^error component.unsupported 1:10 Sluice has no output `kafka`; it supports `stdout`, .*`aws_kinesis`, `resource` \(a label of/,
      ),
    ],
    [
      'output: {aws_kinessis: {}}',
      expect.stringContaining(
        'error component.unsupported 1:10 Sluice has no output `aws_kinessis`; did you mean `aws_kinesis`?; it supports `stdout`',
      ),
    ],
    ['output: {}', expect.stringContaining('error component.unknown 1:9 an output type must be named; supported: `stdout`')],
    ['output: [1]', 'error field.type 1:9 `output`: expected an object, got a list'],
    ['output: {resource: nope}', 'error target.unresolved 1:20 no output resource is labelled `nope`; there is none'],
    [
      'output: {kinesis: {stream: a}}',
      'error component.unsupported 1:10 `kinesis` is an old name: rename the output to `aws_kinesis`, and check its fields against docs/configuration/benthos.md',
    ],
    [
      `input: {kinesis_balanced: {stream: a}}\n${output('')}`,
      'error component.unsupported 1:9 `kinesis_balanced` is an old name: rename the input to `aws_kinesis`, and check its fields against docs/configuration/benthos.md',
    ],
    [
      `input: {kafka: {}}\n${output('')}`,
      expect.stringContaining(
        'warning component.unsupported 1:9 Sluice does not read the input `kafka`: other programs must put the records on the output (`sluice run --egress-only`); supported inputs: `stdin`',
      ),
    ],
    [
      `output: {label: A, aws_kinesis: {stream: a, partition_key: k}}`,
      'error label.invalid 1:17 invalid label `A`: it should match /^[a-z0-9_\\-]+$/ and must not start with an underscore or a dash',
    ],
    [
      `output: {aws_kinesis: {stream: a, partition_key: k}, lable: x}`,
      'error field.unknown 1:54 unknown field `lable`: it is invalid when the component type is `aws_kinesis` (output); did you mean `label`?',
    ],
    [
      `pipeline: {processors: [{maping: x}]}\n${output('')}`,
      expect.stringContaining('Sluice has no processor `maping`; did you mean `mapping`?; it supports `mapping`, `bloblang`'),
    ],
    [
      `pipeline: {processors: [{resource: r}]}\nprocessor_resources: [{label: r, resource: r}]\n${output('')}`,
      expect.stringContaining('processor resource `r` refers to itself'),
    ],
    [
      'input: {stdin: {}}\noutput: {resource: a}\noutput_resources: [{label: a, fallback: [{resource: b}]}, {label: b, fallback: [{resource: a}]}]\n',
      'error target.unresolved 3:53 output resource `b` refers to itself',
    ],
    [
      `pipeline: {processors: [{label: x, noop: {}}, {label: x, noop: {}}]}\n${output('')}`,
      'error label.duplicate 1:55 label `x` collides with a previously defined label at line 1',
    ],
    [
      `pipeline: {processors: [{switch: [{check: this.a == 1}]}]}\n${output('')}`,
      'error field.missing 1:34 `pipeline.processors.0.switch.0`: a case needs `processors`; for none write `[noop: {}]`',
    ],
    [
      `pipeline: {processors: [{mapping: ""}]}\n${output('')}`,
      'error bloblang.invalid 1:35 `pipeline.processors.0.mapping`: must not be empty; write a mapping, or `noop: {}`',
    ],
    [
      `cache_resources: [{label: c}]\n${output('')}`,
      'error component.unknown 1:19 a cache type must be named; supported: `memory`, `lru`, `ttlru`, `file`, `multilevel`, `redis`, `noop`',
    ],
    [
      `metrics: {statsd: {}}\n${output('')}`,
      'warning section.ignored 1:11 `metrics.statsd` is ignored: the workers serve Prometheus metrics, and push them with `sluice.metrics.otlp`',
    ],
    [
      'input: {stdin: {}}\nmetrics: {json_api: {}}\n',
      'warning section.ignored 2:11 `metrics.json_api` is ignored: a pipeline serves Prometheus metrics at `/metrics`, where the file has a `http` section',
    ],
    [
      'input: {stdin: {}}\nmetrics: {prometheus: {}}\n',
      'warning section.ignored 2:23 `metrics.prometheus` has no effect without a `http` section: it says where `/metrics` is served',
    ],
    [
      `metrics: {prometheus: {use_histogram_timing: true}, mapping: "root = this"}\n${output('')}`,
      'warning section.ignored 1:24 `metrics.prometheus.use_histogram_timing` has no effect: metrics have a fixed form',
    ],
    [
      `metrics: {prometheus: {}, mapping: "root = this"}\n${output('')}`,
      'warning section.ignored 1:27 `metrics.mapping` is ignored: metrics keep their names',
    ],
    [
      `tracer: {jaeger: {agent_address: localhost}}\n${output('')}`,
      'warning section.ignored 1:10 `tracer.jaeger` is ignored: Sluice sends traces to an `open_telemetry_collector`',
    ],
    [
      `tracer: {open_telemetry_collector: {grpc: [{address: "a:4317"}]}}\n${output('')}`,
      "warning section.ignored 1:44 `tracer.open_telemetry_collector.grpc` is ignored: name the collector's port for HTTP under `http`",
    ],
    [
      `logger: {file: {path: x.log, rotate: true}}\n${output('')}`,
      'warning section.ignored 1:30 `logger.file.rotate` has no effect: let logrotate do it, with `copytruncate`',
    ],
    [
      `logger: {static_fields: {a: [1]}}\n${output('')}`,
      'warning section.ignored 1:26 `logger.static_fields.a` is ignored: expected a text',
    ],
    [`http: {debug_endpoints: true}\n${output('')}`, 'warning section.ignored 1:8 `http.debug_endpoints` has no effect: there are none'],
    [
      `shutdown_timeout: soon\n${output('')}`,
      'warning field.value 1:19 `shutdown_timeout`: `soon` is no duration such as `20s`; 20s is used',
    ],
    [
      `logger: {level: loud}\n${output('')}`,
      'warning field.value 1:17 `logger.level`: there is no level `loud`; INFO is used, as Benthos does',
    ],
    [`buffer: {system_window: {}}\n${output('')}`, 'error field.missing 1:25 required field `size` is missing in `buffer.system_window`'],
    [`metrics: none\n${output('')}`, 'error field.type 1:10 `metrics`: expected an object, got `none`'],
    [`metrics: {mapping: "root ="}\n${output('')}`, expect.stringMatching(/^error bloblang.invalid 1:\d+ `metrics.mapping`: bad Bloblang/)],
    [
      `tests: [{name: t, input_bach: []}]\n${output('')}`,
      'error field.unknown 1:19 unknown field `input_bach` in `tests.0`; did you mean `input_batch`?',
    ],
    [`tests: [{}]\n${output('')}`, 'error field.missing 1:9 required field `name` is missing in `tests.0`'],
    ['# nothing\n', 'error document.unknown 1:1 says nothing: expected a configuration, got an empty document'],
    [`shutdown_timout: 1s\n${output('')}`, 'error field.unknown 1:1 unknown field `shutdown_timout`; did you mean `shutdown_timeout`?'],
  ])('%s', (text, expected) => {
    expect(load(text).texts).toContainEqual(expected);
  });

  it('what stands around them sets the process up, below the settings of Sluice', () => {
    const text = `http: {address: "0.0.0.0:1234"}\nlogger: {level: TRACE, format: json}\nshutdown_delay: 2s\nshutdown_timeout: 30s\n${output('')}---\nsluice: {host: 127.0.0.9}\n`;
    const { host, ports, log, shutdown } = load(text).config.settings;
    expect({ host, port: ports.egressWorker, log, shutdown }).toEqual({
      host: '127.0.0.9',
      port: 1234,
      log: expect.objectContaining({ level: 'debug', format: 'json' }),
      shutdown: { delayMs: 2_000, timeoutMs: 30_000 },
    });
  });
});

describe('lints', () => {
  const text = `${output('max_in_flite: 1')}  label: _x\n`;

  it('are warnings under --chilled', () => {
    const { problems, config } = load(text, { chilled: true });
    expect([problems.map(({ severity }) => severity), config.egresses.length]).toEqual([['warning', 'warning'], 1]);
  });

  it('ask for labels, and report old fields, where that is wanted', () => {
    const codec = 'input: {stdin: {codec: lines}}\noutput: {label: o, drop: {}}\n';
    const lines = (options: object) =>
      compileConfig([{ name: 'b.yaml', text: codec }], { env: {}, ...options }).problems.map(({ code, line }) => [code, line]);
    expect(lines({})).toEqual([]);
    expect(lines({ labels: true })).toEqual([['label.missing', 1]]);
    expect(lines({ deprecated: true })).toEqual([['field.deprecated', 1]]);
  });

  it.each([
    ['a component that there is not', 'input: {stdin: {}}\noutput: {nope: {}}\n', []],
    ['two components in one place', 'input: {stdin: {}}\noutput: {drop: {}, stdout: {}}\n', []],
    ['a processor that is none', 'pipeline: {processors: [noop]}\noutput: {drop: {}}\n', []],
    ['a section that is none', 'buffer: none\noutput: {drop: {}}\n', []],
    ['a component within another that there is not', 'input: {stdin: {scanner: {nope: {}}}}\noutput: {label: o, drop: {}}\n', [1]],
    ['each of an input written twice', 'input: {stdin: {}}\noutput: {label: o, drop: {}}\ninput: {stdin: {}}\n', [1, 3]],
    [
      'what an alias names, where its anchor stands',
      'output:\n  processors:\n    - &p\n      noop: {}\n    - *p\n  label: o\n  drop: {}\n',
      [3],
    ],
    ['a Benthos file with a `version`', 'version: 1\noutput: {drop: {}}\n', [2]],
  ])('ask for labels: %s', (_, yaml, expected) => {
    const { problems } = compileConfig([{ name: 'b.yaml', text: yaml }], { env: {}, labels: true });
    expect(problems.flatMap(({ code, line }) => (code === 'label.missing' ? [line] : []))).toEqual(expected);
  });

  it('are silent in a file that asks for it, which still has its errors', () => {
    expect(load(`# BENTHOS LINT DISABLE\n${text}`).texts).toEqual([]);
    expect(load(`# BENTHOS LINT DISABLE\n${output('max_in_flight: 0')}`).texts).toHaveLength(1);
    expect(load(`# BENTHOS LINT DISABLE\n${output('region: ${NOT_SET}')}`).problems.map(({ code }) => code)).toEqual(['env.missing']);
  });

  it('logger, metrics and tracer are honoured field by field', () => {
    const { log, metrics, tracing } = load(`
logger:
  level: 'off'
  format: logfmt
  add_timestamp: false
  level_name: lvl
  timestamp_name: at
  message_name: message
  static_fields: { '@service': orders, region: 1 }
  file: { path: ./sluice.log }
metrics: { prometheus: {} }
tracer:
  open_telemetry_collector:
    http: [{ address: collector:4318, secure: true }]
    tags: { team: orders }
    sampling: { enabled: true, ratio: 0.25 }
${output('')}`).config.settings;
    expect({ log, metrics, tracing }).toEqual({
      log: {
        level: 'off',
        format: 'logfmt',
        timestamp: false,
        names: { level: 'lvl', time: 'at', message: 'message' },
        fields: { '@service': 'orders', region: '1' },
        file: './sluice.log',
        repeatsPerMinute: 20,
      },
      metrics: { names: 'both', otlp: undefined },
      tracing: { endpoint: 'https://collector:4318', headers: {}, ratio: 0.25, attributes: { team: 'orders' } },
    });
  });

  it('a tracer without sampling records every trace, and none records nothing', () => {
    const tracingOf = (tracer: string) => load(`tracer: ${tracer}\n${output('')}`).config.settings.tracing;
    expect(tracingOf('{open_telemetry_collector: {http: [{address: "a:1"}]}}')).toMatchObject({ endpoint: 'http://a:1', ratio: 1 });
    expect([tracingOf('{none: {}}'), tracingOf('none')]).toEqual([undefined, undefined]);
  });
});
