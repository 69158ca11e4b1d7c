import { describe, expect, it } from 'vitest';
import { expectedView, runModuleCase } from './module-yaml-case.ts';

const INGRESS = 'kind: io.statefun.kinesis.v1/ingress\nspec:\n  id: a/in\n  streams: [{stream: s, valueType: v, targets: [a/f]}]\n';

describe('runModuleCase', () => {
  it('sees an accepted module as the cases do', () => {
    const yaml = `${INGRESS}  awsCredentials: {type: basic, accessKeyId: A, secretAccessKey: S}\n---\nkind: io.statefun.endpoints.v2/http\nspec: {functions: a/*, urlPathTemplate: "http://h/{function.name}", transport: {call: 1 day}}\n`;
    expect(runModuleCase({ case: 'x', ok: true, yaml })).toEqual({
      ok: true,
      failsLater: false,
      ingresses: [
        {
          id: 'a/in',
          streams: ['s'],
          routing: { s: { typeUrl: 'v', targets: ['a/f'] } },
          connectorProperties: {
            'aws.region': '<default-provider-chain>',
            'aws.credentials.provider': 'BASIC',
            'aws.credentials.provider.basic.accesskeyid': 'A',
            'aws.credentials.provider.basic.secretkey': 'S',
            'flink.stream.initpos': 'LATEST',
          },
        },
      ],
      egresses: [],
      endpoints: [
        {
          functions: 'a/*',
          'url(ns/greeter)': 'http://h/greeter',
          maxNumBatchRequests: 1000,
          transport: 'io.statefun.transports.v1/async',
          effective: 'call=PT24H connect=PT20S pool_ttl=PT15S pool_size=1024 payload_max_bytes=33554432',
        },
      ],
    });
  });

  it('tells what the original refuses from what it fails on later', () => {
    const refused = runModuleCase({ case: 'x', ok: false, yaml: `${INGRESS}  awsRegion: here\n` });
    const later = runModuleCase({ case: 'x', ok: true, yaml: `${INGRESS}  clientConfigProperties: [{"": 1}]\n` });
    expect([refused, { ok: later.ok, failsLater: later.failsLater }]).toEqual([
      {
        ok: false,
        errors: ['(5,14) `awsRegion`: expected an object, got `here`; write for example `awsRegion: {type: specific, id: eu-west-1}`'],
      },
      { ok: true, failsLater: true },
    ]);
  });

  it('reads from a case whether something fails later', () => {
    const ingresses = [{ id: 'a/in', streams: ['s'], routing: {}, connectorError: 'ArrayIndexOutOfBoundsException' }];
    expect(expectedView({ case: 'x', ok: true, yaml: '', ingresses })).toEqual({
      ok: true,
      failsLater: true,
      ingresses,
      egresses: [],
      endpoints: [],
    });
  });
});
