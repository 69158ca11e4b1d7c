import type { Ingress } from '@sluice/config';
import { expect, it } from 'vitest';
import { NamedOnce } from './named-once.ts';

const ARN = 'arn:aws:kinesis:eu-west-1:111122223333:stream/orders';
const IDENTITY = { name: 'orders', arn: ARN, createdAtMs: 1 } as Parameters<NamedOnce['assert']>[1];

function opening(...shardIds: (string[] | undefined)[]) {
  const streams = ['orders', ARN].map((stream, index) => ({ stream, shardIds: shardIds[index] }));
  return new NamedOnce({ id: 'input/in', streams } as unknown as Ingress);
}

it('refuses a stream that is named twice, by its name and by its ARN', () => {
  const named = opening();
  named.assert('orders', IDENTITY);
  named.assert('orders', IDENTITY);
  expect(() => named.assert(ARN, IDENTITY)).toThrow(
    `expected the streams of ingress input/in to differ, found orders and ${ARN} to be one, ${ARN}; remove one of them`,
  );
});

it('lets other streams of the name pass, and other shards', () => {
  const named = opening();
  named.assert('orders', IDENTITY);
  named.assert(ARN, { ...IDENTITY, arn: ARN.replace('1111', '9999') });
  named.assert(ARN, { ...IDENTITY, createdAtMs: 2 });
  const sharing = opening(['a'], ['b']);
  sharing.assert('orders', IDENTITY);
  sharing.assert(ARN, IDENTITY);
  const overlapping = opening(['a', 'b'], ['b']);
  overlapping.assert('orders', IDENTITY);
  expect(() => overlapping.assert(ARN, IDENTITY)).toThrow('remove one of them');
});
