/**
 * Speaks CBOR for a client that speaks JSON, with an independent implementation of CBOR: so the same tests, with the same
 * client, run in both encodings. Data is a byte string there, and a time is tag 1 with whole milliseconds.
 */
import { buffer } from 'node:stream/consumers';
import { cbor, tag } from '@smithy/core/cbor';
import { NodeHttpHandler } from '@smithy/node-http-handler';

export const CBOR_TYPE = 'application/x-amz-cbor-1.1';

type HandledBy = NodeHttpHandler['handle'];

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A body of JSON as CBOR; what is no JSON stays as it is. */
export function cborOf(json: string): Uint8Array {
  try {
    return Buffer.from(cbor.serialize(withCborTypes(JSON.parse(json))));
  } catch (cause) {
    if (cause instanceof SyntaxError) return Buffer.from(json);
    throw cause;
  }
}

export const jsonOf = (body: Uint8Array): string => JSON.stringify(cbor.deserialize(body), withJsonTypes);

function withCborTypes(value: unknown, member = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withCborTypes(item));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withCborTypes(part, name)]));
  }
  if (typeof value === 'string' && member === 'Data' && BASE64.test(value)) return new Uint8Array(Buffer.from(value, 'base64'));
  if (typeof value === 'number' && member.endsWith('Timestamp')) return tag({ tag: 1, value: Math.round(value * 1000) });
  return value;
}

function withJsonTypes(this: unknown, member: string, value: unknown): unknown {
  const raw = (this as Record<string, unknown>)[member];
  if (raw instanceof Uint8Array) return Buffer.from(raw).toString('base64');
  if (typeof raw === 'bigint') return Number(raw);
  if (!member.endsWith('Timestamp')) return value;
  const { tag: number, value: ms } = raw as { tag: number | bigint; value: number | bigint };
  if (Number(number) !== 1) throw new Error(`${member}: expected a time, tag 1`);
  return Number(ms) / 1000;
}

/** Sends the JSON of the SDK as CBOR, and gives it JSON for the CBOR that comes back. */
export class CborTranscoder extends NodeHttpHandler {
  override async handle(...[request, options]: Parameters<HandledBy>): ReturnType<HandledBy> {
    const body = cborOf(new TextDecoder().decode(request.body));
    Object.assign(request, { body });
    Object.assign(request.headers, { 'content-type': CBOR_TYPE, 'content-length': String(body.length) });
    const { response } = await super.handle(request, options);
    const type = response.headers['content-type'];
    const reply = await buffer(response.body);
    if (reply.length > 0 && type !== CBOR_TYPE) throw new Error(`a reply of type ${type} to a request in CBOR`);
    response.headers['content-type'] = 'application/x-amz-json-1.1';
    response.body = Buffer.from(reply.length === 0 ? '' : jsonOf(reply));
    return { response };
  }
}
