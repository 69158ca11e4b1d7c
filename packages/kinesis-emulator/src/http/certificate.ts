/** A certificate for `localhost`, signed by itself: X.509 in DER, of which Node reads everything and writes nothing. */
import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

/** Both in PEM. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;
const VALID_DAYS = 365;

const TYPE = { boolean: 0x01, integer: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, text: 0x0c, time: 0x17, sequence: 0x30, set: 0x31 };

function der(type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >>> 8, length & 255];
  return Buffer.concat([Buffer.of(type, ...size), body]);
}

const sequence = (...parts: readonly Buffer[]) => der(TYPE.sequence, ...parts);
const oid = (...bytes: readonly number[]) => der(TYPE.oid, Buffer.of(...bytes));
const utcTime = (ms: number) => der(TYPE.time, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`));

const ECDSA_WITH_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const COMMON_NAME = oid(0x55, 0x04, 0x03);
const SUBJECT_ALT_NAME = oid(0x55, 0x1d, 0x11);
const BASIC_CONSTRAINTS = oid(0x55, 0x1d, 0x13);
const VERSION_3 = der(0xa0, der(TYPE.integer, Buffer.of(2)));

const NAME = sequence(der(TYPE.set, sequence(COMMON_NAME, der(TYPE.text, Buffer.from('sluice kinesis emulator')))));

/** It may sign, itself that is: without that some clients take it for no authority. */
const IS_AUTHORITY = sequence(
  BASIC_CONSTRAINTS,
  der(TYPE.boolean, Buffer.of(0xff)),
  der(TYPE.octets, sequence(der(TYPE.boolean, Buffer.of(0xff)))),
);

const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;
const LOCAL_NAMES = sequence(
  SUBJECT_ALT_NAME,
  der(
    TYPE.octets,
    sequence(
      der(DNS_NAME, Buffer.from('localhost')),
      der(IP_ADDRESS, Buffer.of(127, 0, 0, 1)),
      der(IP_ADDRESS, Buffer.concat([Buffer.alloc(15), Buffer.of(1)])),
    ),
  ),
);

/** A new key and a certificate for `localhost`, `127.0.0.1` and `::1`, good from the day before `nowMs` for a year. */
export function selfSignedCertificate(nowMs: number): ServerCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serial = der(TYPE.integer, Buffer.concat([Buffer.of(0x40), randomBytes(8)]));
  const validity = sequence(utcTime(nowMs - DAY_MS), utcTime(nowMs + VALID_DAYS * DAY_MS));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const extensions = der(0xa3, sequence(IS_AUTHORITY, LOCAL_NAMES));
  const certificate = sequence(VERSION_3, serial, ECDSA_WITH_SHA256, NAME, validity, NAME, key, extensions);
  const signature = createSign('sha256').update(certificate).sign(privateKey);
  const signed = sequence(certificate, ECDSA_WITH_SHA256, der(TYPE.bits, Buffer.of(0), signature));
  const lines = signed
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}
