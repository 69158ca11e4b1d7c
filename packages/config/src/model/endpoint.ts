import type { SourcePosition } from './position.ts';

/** Where remote functions are called over HTTP. */
export interface Endpoint {
  /** The `functions` field: `namespace/name` or `namespace/*`. */
  readonly id: string;
  readonly namespace: string;
  /** `undefined` serves every name of the namespace that no exact endpoint serves. */
  readonly name: string | undefined;
  /** `{function.name}` stands for the function's name, everywhere it occurs. */
  readonly urlPathTemplate: string;
  /** 0 or less = no limit. */
  readonly maxNumBatchRequests: number;
  readonly transport: EndpointTransport;
  readonly position: SourcePosition;
}

/** Times in milliseconds. */
export type EndpointTransport =
  | { readonly type: 'okhttp'; readonly callMs: number; readonly connectMs: number; readonly readMs: number; readonly writeMs: number }
  | {
      readonly type: 'async';
      readonly callMs: number;
      readonly connectMs: number;
      readonly poolTtlMs: number;
      readonly poolSize: number;
      readonly payloadMaxBytes: number;
      readonly trustCaCerts: string | undefined;
      readonly clientCert: string | undefined;
      readonly clientKey: string | undefined;
      /** Path of a file that holds the password. */
      readonly clientKeyPasswordFile: string | undefined;
    };

/** The address of a function: what stands for `{function.name}` is its name without the namespace. */
export const endpointUrl = (endpoint: Endpoint, functionName: string): string =>
  endpoint.urlPathTemplate.replaceAll('{function.name}', () => functionName);
