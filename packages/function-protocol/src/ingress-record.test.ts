import { expect, it } from 'vitest';
import { wrapIngressRecord } from './ingress-record.ts';
import { encodeInvocation, encodeTypedValue } from './invocation.ts';

it.each([
  ['ns/type', 0],
  ['', 1],
  ['example/größe', 127],
  ['ns/type', 128],
  ['ns/type', 16_384],
  ['n'.repeat(300), 10 * 1024 * 1024],
])('wraps a record as an encoder of Protocol Buffers does: %s, %i bytes', (typename, size) => {
  const value = Buffer.alloc(size, 'data');
  expect(Buffer.compare(wrapIngressRecord(typename, value), encodeInvocation(undefined, encodeTypedValue({ typename, value })))).toBe(0);
});
