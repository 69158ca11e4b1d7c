/** The two encodings of the API, as far as the benchmark needs them. Names of members are the same bytes in both. */
const RECORD_NAME = 'SequenceNumber';

export interface Wire {
  readonly contentType: string;
  encode(fields: object): Buffer;
  /** Whether a PutRecords reply says that every record was stored. */
  isAllStored(reply: Buffer): boolean;
  /** The value of a member that is text. */
  text(reply: Buffer, member: string): string;
  isAtTip(reply: Buffer): boolean;
}

export function countRecords(reply: Buffer): number {
  let records = 0;
  for (let at = reply.indexOf(RECORD_NAME); at >= 0; at = reply.indexOf(RECORD_NAME, at + 1)) records++;
  return records;
}

const base64 = (_: string, value: unknown) =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer'
    ? Buffer.from((value as unknown as { data: number[] }).data).toString('base64')
    : value;

export const jsonWire: Wire = {
  contentType: 'application/x-amz-json-1.1',
  encode: (fields) => Buffer.from(JSON.stringify(fields, base64)),
  isAllStored: (reply) => reply.includes('"FailedRecordCount":0,'),
  text: (reply, member) => new RegExp(`"${member}":"([^"]+)"`).exec(reply.toString('latin1', 0, 1024))![1]!,
  isAtTip: (reply) => reply.toString('latin1', 0, 1024).includes('"MillisBehindLatest":0,'),
};

function cborHead(major: number, argument: number): Buffer {
  const first = major << 5;
  if (argument < 24) return Buffer.of(first | argument);
  if (argument < 0x100) return Buffer.of(first | 24, argument);
  if (argument < 0x1_0000) return Buffer.of(first | 25, argument >>> 8, argument & 255);
  const long = Buffer.alloc(5, first | 26);
  long.writeUInt32BE(argument, 1);
  return long;
}

function cborOf(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return Buffer.concat([cborHead(2, value.length), value]);
  if (typeof value === 'string') return Buffer.concat([cborHead(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Array.isArray(value)) return Buffer.concat([cborHead(4, value.length), ...value.map(cborOf)]);
  const members = Object.entries(value as object);
  return Buffer.concat([cborHead(5, members.length), ...members.flatMap(([name, part]) => [cborOf(name), cborOf(part)])]);
}

const after = (reply: Buffer, member: string): number => reply.indexOf(member) + member.length;

export const cborWire: Wire = {
  contentType: 'application/x-amz-cbor-1.1',
  encode: cborOf,
  isAllStored: (reply) => reply[after(reply, 'FailedRecordCount')] === 0,
  text: (reply, member) => {
    const at = after(reply, member);
    if (reply[at] !== 0x78) throw new Error(`${member}: expected text of 24 to 255 bytes`);
    return reply.toString('latin1', at + 2, at + 2 + reply[at + 1]!);
  },
  isAtTip: (reply) => reply[after(reply, 'MillisBehindLatest')] === 0,
};
