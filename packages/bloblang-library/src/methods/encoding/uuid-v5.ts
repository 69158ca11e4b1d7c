import { createHash } from 'node:crypto';
import { defineMethod } from '@sluice/bloblang';
import { BloblangError, bytesOf, quote } from '@sluice/values';

/** RFC 9562's namespaces differ in one digit. */
const namespace = (digit: number): string => `6ba7b81${digit}9dad11d180b400c04fd430c8`;

const NAMESPACES = new Map(
  [
    ['dns', namespace(0)],
    ['url', namespace(1)],
    ['oid', namespace(2)],
    ['x500', namespace(4)],
  ].flatMap(([name, digits]) => [
    [name!, digits!],
    [name!.toUpperCase(), digits!],
  ]),
);

const WRAPPED = /^(?:urn:uuid:(.*)|\{(.*)\})$/s;
const UUID = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** The digits of a UUID: with or without hyphens, in braces or behind `urn:uuid:`. */
function digitsOf(text: string): string | undefined {
  const [, afterUrn, inBraces] = WRAPPED.exec(text) ?? [];
  const uuid = afterUrn ?? inBraces ?? text;
  return UUID.test(uuid) ? uuid.replaceAll('-', '') : undefined;
}

/** A well-known name, all lower or all upper case, or a UUID. */
const namespaceDigits = (text: string): string | undefined =>
  NAMESPACES.get(text === text.toUpperCase() ? text.toLowerCase() : text) ?? digitsOf(text);

export const uuidV5 = defineMethod('uuid_v5', {
  category: 'Encoding and Encryption',
  status: 'stable',
  description: 'The UUID (version 5) of a text within a namespace: the same text always gives the same UUID. Null stays null.',
  parameters: [
    {
      name: 'ns',
      type: 'string',
      optional: true,
      description: 'The namespace: `dns`, `url`, `oid`, `x500` or a UUID. Without one it is the UUID of zeros.',
    },
  ],
  examples: [
    {
      mapping: 'root.id = this.host.uuid_v5("dns")',
      input: { host: 'www.example.com' },
      output: { id: '2ed6657d-e927-568b-95e1-2665a8aea6a2' },
    },
    { mapping: 'root.id = this.order.uuid_v5()', input: { order: null }, output: { id: null } },
  ],
  prepare: ([ns]) => {
    const digits = ns === undefined ? '0'.repeat(32) : namespaceDigits(ns);
    return (value) => {
      if (value === null) return null;
      if (digits === undefined) throw new BloblangError(`invalid ns uuid: ${quote(ns!)}`);
      const bytes = createHash('sha1').update(digits, 'hex').update(bytesOf(value)).digest().subarray(0, 16);
      bytes[6] = (bytes[6]! & 0x0f) | 0x50;
      bytes[8] = (bytes[8]! & 0x3f) | 0x80;
      return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    };
  },
});
