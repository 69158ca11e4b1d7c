export type { ClientRecord } from './client-record.ts';
export type { EgressClient, EgressClientOptions, SendOptions } from './egress-client.ts';
export { ClientClosedError, ClientOverloadedError, EgressUnknownError, RecordInvalidError, SendAbortedError } from './errors.ts';
export { type Client, type OpenClientOptions, openClient } from './open-client.ts';
