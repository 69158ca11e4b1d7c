import { describe, expect, it } from 'vitest';
import { load } from './testing/load-text.ts';

const endpoint = (url: string, more = '') =>
  `kind: io.statefun.endpoints.v2/http\nspec:\n  functions: a/*\n  urlPathTemplate: ${url}\n${more}`;

describe('environment variables in a module.yaml', () => {
  it('stand for their values, also where the text is no YAML without them', () => {
    const env = { HOST: 'functions', BATCH: '7', REGION: 'eu-west-1' };
    const { config, problems } = load(
      `${endpoint('http://${HOST}:${PORT:8000}/{function.name}', '  maxNumBatchRequests: ${BATCH}\n')}---
kind: io.statefun.kinesis.v1/egress
spec: {id: a/out, awsRegion: {type: specific, id: \${REGION}}}
`,
      { env },
    );
    expect(problems).toEqual([]);
    expect(config.endpoints[0]).toMatchObject({ urlPathTemplate: 'http://functions:8000/{function.name}', maxNumBatchRequests: 7 });
    expect(config.egresses[0]?.aws.region).toBe('eu-west-1');
  });

  it('stay as they are written where they are not set, as the original leaves them', () => {
    const text = `kind: io.statefun.kinesis.v1/ingress
spec: {id: a/in, streams: [{stream: s, valueType: "\${TYPE}", targets: []}]}
`;
    const { config, texts } = load(text);
    expect(config.ingresses[0]?.streams[0]?.valueType).toBe('${TYPE}');
    expect(texts[0]).toBe(
      'env.missing 2:52 environment variable `TYPE` is not set, so `${TYPE}` is taken as it is written; set it, or write a default: `${TYPE:default}`',
    );
  });

  it('that are not set stop a worker where their text makes no sense', () => {
    const { problems } = load(endpoint('http://${HOST}/{function.name}'));
    expect(problems.map(({ severity, code }) => [severity, code])).toEqual([
      ['error', 'connector.invalid-value'],
      ['warning', 'env.missing'],
    ]);
  });
});
