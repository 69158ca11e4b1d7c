// Long: one document after another of the same dialect.
import { describe, expect, it } from 'vitest';
import { EGRESS, load } from './testing/load-text.ts';

describe('documents of a module', () => {
  it.each([
    [
      'kind: io.statefun.kinesis/ingress\nspec: {}',
      'unknown kind `io.statefun.kinesis/ingress`: that is its name in a `version: "3.0"` document; write `kind: io.statefun.kinesis.v1/ingress`',
    ],
    [
      'kind: statefun.kinesis.io/generic-egress\nspec: {}',
      'unknown kind `statefun.kinesis.io/generic-egress`: that is its name in Stateful Functions 2; write `kind: io.statefun.kinesis.v1/egress`',
    ],
    [
      'kind: io.statefun.kinesis.v1/ingres\nspec: {}',
      'unknown kind `io.statefun.kinesis.v1/ingres`; did you mean `io.statefun.kinesis.v1/ingress`?',
    ],
    [
      'kind: io.statefun.kafka.v1/ingress\nspec: {}',
      '`io.statefun.kafka.v1/ingress` is not supported: Sluice moves records into and out of Kinesis only; it supports io.statefun.kinesis.v1/ingress, io.statefun.kinesis.v1/egress, io.statefun.endpoints.v1/http, io.statefun.endpoints.v2/http',
    ],
    ['version: 3.0\nmodule: {}', '`version` must be a text: put it into quotes, `version: "3.0"`'],
    [
      'version: "3.0"\nmodule: {meta: {type: remote}, spec: {}}\n---\n',
      'a `version:` document must be the only one in its file: remove what stands before and after it, a trailing `---` too',
    ],
    ['version: "3.0"\nmodule: {meta: {type: embedded}, spec: {}}', 'unknown module type `embedded`; supported: remote'],
    [
      'version: "3.0"\nmodule: {meta: {type: remote}, spec: {ingresses: [{ingress: {meta: {type: io.statefun.kinesis/ingress}}}]}}',
      'missing key /ingress/meta/id',
    ],
  ])('%j', (text, message) => {
    const { problems } = load(text);
    expect(problems.map((problem) => problem.message)).toEqual([message]);
  });

  it('an id may be defined once, an ingress and an egress may share one', () => {
    const { problems } = load(
      `${EGRESS}${EGRESS}---\nkind: io.statefun.kinesis.v1/ingress\nspec: {id: com.example/out, streams: [{stream: s, valueType: v, targets: [com.example/out]}]}\n`,
    );
    expect(problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '6 egress `com.example/out` was previously defined at m.yaml(3,7)',
    ]);
  });

  it('the older form has its names converted, and the id of `meta` wins', () => {
    const { config, problems } = load(`version: "3.0"
module:
  meta: {type: REMOTE}
  spec:
    endpoints: [{endpoint: {meta: {kind: http}, spec: {functions: a/*, urlPathTemplate: "http://h/{function.name}", timeouts: {call: 30s}}}}]
    ingresses: [{ingress: {meta: {type: io.statefun.kinesis/ingress, id: a/in}, spec: {id: x/y, streams: [{stream: s, valueType: v, targets: [a/greet]}]}}}]
`);
    expect(problems.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      'warning `id` of the spec has no effect: that of `meta` is written over it',
    ]);
    expect(config.ingresses.map(({ id, streams }) => ({ id, targets: streams[0]?.targets }))).toEqual([
      {
        id: 'a/in',
        targets: [{ type: 'function', functionType: 'a/greet', endpointId: 'a/*', position: { file: 'm.yaml', line: 6, column: 143 } }],
      },
    ]);
    expect(config.endpoints).toEqual([
      {
        id: 'a/*',
        namespace: 'a',
        name: undefined,
        urlPathTemplate: 'http://h/{function.name}',
        maxNumBatchRequests: 1000,
        transport: { type: 'okhttp', callMs: 30_000, connectMs: 10_000, readMs: 10_000, writeMs: 10_000 },
        position: { file: 'm.yaml', line: 5, column: 55 },
      },
    ]);
  });

  it.each([
    ['timeouts: {connect: 5s}', { callMs: 60_000, connectMs: 5_000 }],
    ['call: 1 hour', { callMs: 3_600_000, connectMs: 20_000 }],
    ['connect: 2500', { callMs: 120_000, connectMs: 2_500 }],
  ])('an asynchronous transport with %s', (transport, expected) => {
    const { config, problems } = load(
      `kind: io.statefun.endpoints.v2/http\nspec: {functions: a/b, urlPathTemplate: "http://h", transport: {${transport}}}\n`,
    );
    expect([config.endpoints[0]?.transport, problems]).toEqual([expect.objectContaining({ type: 'async', ...expected }), []]);
  });
});
