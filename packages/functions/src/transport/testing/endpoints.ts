import type { Endpoint, EndpointTransport } from '@sluice/config';

/** The default transport, with changes. */
export function asyncTransport(changes: Partial<EndpointTransport & { type: 'async' }> = {}): EndpointTransport {
  return {
    type: 'async',
    callMs: 120_000,
    connectMs: 20_000,
    poolTtlMs: 15_000,
    poolSize: 1024,
    payloadMaxBytes: 33_554_432,
    trustCaCerts: undefined,
    clientCert: undefined,
    clientKey: undefined,
    clientKeyPasswordFile: undefined,
    ...changes,
  };
}

export const OKHTTP = { type: 'okhttp', callMs: 60_000, connectMs: 10_000, readMs: 10_000, writeMs: 10_000 } as const;

/** An endpoint that serves the functions `ex/*`. */
export const endpointOf = (urlPathTemplate: string, transport: EndpointTransport): Endpoint => ({
  id: 'ex/*',
  namespace: 'ex',
  name: undefined,
  urlPathTemplate,
  maxNumBatchRequests: 1000,
  transport,
  position: { file: 'module.yaml', line: 1, column: 1 },
});
