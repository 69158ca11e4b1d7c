// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolated strings are what a Benthos file holds
import { resolve } from 'node:path';
import { silentLogger, systemClock } from '@sluice/core';
import { compileProcessors, processorTypes } from '@sluice/processors';
import { describe, expect, it } from 'vitest';
import { compileConfig } from '../load-config.ts';
import { Secret } from '../model/secret.ts';
import { processorTypes as fieldsByType } from './schema/processors.ts';

const EVERY_PROCESSOR = `
- mapping: root = this
- bloblang: root = this
- mutation: root.a = 1
- archive: {format: tar, path: '\${! batch_index() }'}
- unarchive: {format: 'csv:;'}
- compress: {algorithm: gzip}
- decompress: {algorithm: bzip2}
- split: {size: 3}
- select_parts: {parts: [0, -1]}
- insert_part: {content: '\${! batch_size() }'}
- bounds_check: {max_parts: 7}
- group_by: [{check: this.a == 1, processors: [{noop: {}}]}]
- group_by_value: {value: '\${! json("a") }'}
- processors: [{noop: {}}]
- for_each: [{noop: {}}]
- try: [{noop: {}}]
- catch: [{noop: {}}]
- try_catch: {processors: [{noop: {}}], catch: [{noop: {}}], error_metadata: e}
- parallel: {processors: [{noop: {}}]}
- branch: {request_map: root = this.a, processors: [{noop: {}}], result_map: root.r = this}
- workflow: {order: [[a]], branches: {a: {processors: [{noop: {}}], result_map: root.r = this}}}
- while: {check: this.a == 1, max_loops: 3, processors: [{noop: {}}]}
- switch: [{check: this.a == 1, processors: [{noop: {}}], fallthrough: true}, {processors: [{noop: {}}]}]
- log: {level: WARN, message: 'got \${! content() }', fields: {a: '\${! json("a") }'}, fields_mapping: root.b = 1}
- json_schema: {schema: '{"type":"object"}'}
- avro: {operator: to_json, encoding: binary, schema: '"int"'}
- protobuf: {operator: to_json, message: shop.Order, import_paths: ['${resolve(import.meta.dirname, '../../../../examples/protobuf')}']}
- schema_registry_decode: {url: 'http://127.0.0.1:8081'}
- glue_schema_registry_decode: {region: eu-west-1}
- jmespath: {query: a.b}
- jq: {query: .a, raw: true}
- grok: {expressions: ['%{MINE:a}'], pattern_definitions: {MINE: '[a-z]+'}}
- parse_log: {format: syslog_rfc5424}
- metric: {type: counter_by, name: m, value: '\${! json("a") }', labels: {b: '\${! json("b") }'}}
- benchmark: {interval: 1m}
- sync_response: {}
- command: {name: cat}
- subprocess: {name: cat}
- crash: 'at \${! content() }'
- http: {url: 'http://h/\${! json("a") }', verb: PUT, headers: {X: y}, rate_limit: limit, tls: {enabled: true}}
- sleep: {duration: 1s}
- retry: {max_retries: 3, backoff: {initial_interval: 1s}, processors: [{noop: {}}]}
- rate_limit: {resource: limit}
- cache: {resource: kept, operator: set, key: a, value: '\${! content() }', ttl: 1m}
- cached: {cache: kept, key: a, skip_on: errored(), processors: [{noop: {}}]}
- dedupe: {cache: kept, key: '\${! json("a") }', drop_on_err: true}
- noop: {}
`;

const RESOURCES = `
cache_resources: [{label: kept, memory: {}}]
rate_limit_resources: [{label: limit, local: {count: 5}}]
`;

describe('processors', () => {
  it('that the configuration takes are those that there are', () => {
    const { processors, texts } = load(EVERY_PROCESSOR);
    expect(texts).toEqual([]);
    expect(processors.map(({ type }) => type).sort()).toEqual([...processorTypes]);
    expect(
      Object.keys(fieldsByType)
        .filter((type) => type !== 'resource')
        .sort(),
    ).toEqual([...processorTypes]);
    const cache = { get: () => undefined, set: () => undefined, add: () => true, delete: () => undefined };
    const resources = { cache: () => cache, rateLimit: () => ({ access: () => 0 }) };
    const openHttp = () => ({ send: async () => ({ answer: undefined, problem: undefined }) });
    const openGlue = () => ({ version: async () => ({ type: 'JSON', text: '{}', references: [] }) });
    const outcome = { problem: 'none' };
    const programs = { refusal: () => undefined, run: async () => outcome, open: () => ({ ask: async () => outcome }) };
    const ports = { logger: silentLogger, clock: systemClock, resources, openHttp, openGlue, programs };
    expect(() => compileProcessors(processors, { ...ports, refusesFailed: false })).not.toThrow();
  });

  it('that ask AWS have a session, whose secrets are never printed', () => {
    const { processors, texts } = load('- glue_schema_registry_decode: {region: eu-west-1, credentials: {id: a, secret: hidden}}');
    expect(texts).toEqual([]);
    const credentials = { type: 'static', accessKeyId: 'a', secretAccessKey: new Secret('hidden'), sessionToken: undefined };
    const aws = { region: 'eu-west-1', endpoint: undefined, credentials, assumeRole: undefined, http: {} };
    expect(processors[0]!.options).toEqual({ avro_raw_json: false, aws });
    expect(JSON.stringify(processors)).not.toContain('hidden');
  });

  it('run as they are configured', async () => {
    const { processors } = load(`
- group_by:
    - check: this.n > 1
      processors: [{archive: {format: json_array}}]
- switch:
    - check: this.type() == "array"
      processors: [{compress: {algorithm: lz4}}, {decompress: {algorithm: lz4}}, {unarchive: {format: json_array}}, {archive: {format: lines}}]
    - processors: [{processors: [{mutation: root.seen = true}]}]
`);
    const chain = compileProcessors(processors, { logger: silentLogger, clock: systemClock, refusesFailed: false });
    const batch = ['{"n":1}', '{"n":2}', '{"n":3}'].map((content) => ({ content: Buffer.from(content), metadata: {} }));
    expect((await chain.run(batch)).map(({ message, sources }) => [Buffer.from(message.content).toString(), sources])).toEqual([
      ['{"n":2}\n{"n":3}', [1, 2]],
      ['{"n":1,"seen":true}', [0]],
    ]);
  });

  it.each([
    ['- unarchive: {format: rar}', 'field.value 3:27 `format`: expected one of `tar`, '],
    ['- unarchive: {format: "csv:ab"}', 'field.value 3:27 '],
    ['- group_by: [{check: "this.", processors: []}]', 'bloblang.invalid 3:'],
    ['- group_by: [{check: this.a, processors: [{teleport: {}}]}]', 'component.unsupported 3:48 Sluice has no processor `teleport`'],
    [
      '- dedupe: {cache: kep, key: k}',
      'target.unresolved 3:15 `pipeline.processors.0.dedupe.cache`: no cache resource is labelled `kep`; did you mean `kept`?',
    ],
    ['- rate_limit: {resource: kept}', 'target.unresolved 3:19 '],
    [
      '- schema_registry_decode: {url: u, jwt: {enabled: true}}',
      'field.value 3:55 `enabled`: Sluice has no `jwt` for HTTP requests; use `basic_auth`',
    ],
    ['- http: {url: u, oauth2: {enabled: true}}', 'field.value 3:40 `enabled`: Sluice has no `oauth2` for HTTP requests'],
    [
      '- glue_schema_registry_decode: {endpoint: glue}',
      'field.value 3:36 `endpoint`: expected a URL such as `https://host:port` or `http://host:port`, got `glue`',
    ],
    ['- processors: {}', 'field.type 3:19 `pipeline.processors.0.processors`: expected a list, got an object'],
  ])('%s is refused at its place', (text, expected) => {
    expect(load(text).texts).toEqual([expect.stringContaining(expected)]);
  });

  it('cuts off the fraction of a number where an integer is asked for, as the original does', () => {
    const { processors, texts } = load('- select_parts: {parts: [1.5, -2.9]}\n- bounds_check: {max_part_size: 2.9}');
    expect([texts, processors.map(({ options }) => [options['parts'], options['max_part_size']])]).toEqual([
      [],
      [
        [[1, -2], undefined],
        [undefined, 2],
      ],
    ]);
  });
});

/** The first processor stands on line 3. */
function load(processors: string) {
  const indented = processors.trim().replaceAll(/^/gm, '    ');
  const text = `pipeline:\n  processors:\n${indented}\noutput: {aws_kinesis: {stream: out, partition_key: k}}\n${RESOURCES}`;
  const { config, problems } = compileConfig([{ name: 'b.yaml', text }], { env: { SLUICE_COMMANDS_ALLOWED: 'cat' } });
  return {
    processors: config.egresses[0]?.processors ?? [],
    texts: problems.map(({ code, line, column, message }) => `${code} ${line}:${column} ${message}`),
  };
}
