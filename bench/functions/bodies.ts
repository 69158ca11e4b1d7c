import { encodeRequest, wrapIngressRecord } from '@sluice/function-protocol';

export const STATE_NAME = 'blob';
export const STATE_TYPE = 'bench/blob';
/** 1 KiB. */
export const BLOB = Buffer.alloc(1_024, 'x');
/** 100 bytes. */
const MESSAGE = Buffer.alloc(100, 'm');

export const idOf = (index: number): string => `address-${index}`;

/** A message as a lane holds it. */
export const invocation = (): Uint8Array => wrapIngressRecord('bench/message', MESSAGE);

/** What the worker posts for one message of an address that has its state. */
export const requestBody = (type: string, id: string): Uint8Array =>
  encodeRequest({
    address: { namespace: 'bench', type, id },
    states: [{ name: STATE_NAME, value: { typename: STATE_TYPE, value: BLOB } }],
    invocations: [invocation()],
  });
