import { hash } from 'node:crypto';

/** A container whose digest is right, and which holds one key and no records. */
export function malformedAggregate(): Buffer {
  const message = Buffer.concat([Buffer.from([0x0a, 1]), Buffer.from('k')]);
  return Buffer.concat([Buffer.from([0xf3, 0x89, 0x9a, 0xc2]), message, hash('md5', message, 'buffer')]);
}
