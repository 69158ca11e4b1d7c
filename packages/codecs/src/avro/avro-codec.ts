import { BloblangError, type Value } from '@sluice/values';
import type avsc from 'avsc';
import { extentOfAvro } from './avro-extent.ts';
import { avroOfJson } from './avro-from-json.ts';
import { jsonOfAvro } from './avro-json.ts';
import { readAvroSchemas } from './avro-schema.ts';
import { fingerprintOf } from './fingerprint.ts';

/** Values of a schema, as bytes and as documents in Avro's JSON encoding. What does not fit throws BloblangError. */
export interface AvroCodec {
  /** Eight bytes by which Avro's single-object encoding names the schema. */
  readonly fingerprint: Buffer;
  /** The value that begins at a place, and the place behind it: below 0 where the bytes end before. */
  decodeAt(data: Buffer, at: number): { readonly value: unknown; readonly offset: number };
  /** The value that the bytes are, all of them. */
  decode(data: Buffer): unknown;
  /** Of what was decoded, or read from a document. */
  encode(value: unknown): Buffer;
  toJson(value: unknown): string;
  fromJson(document: Value): unknown;
}

/**
 * @param texts the schema, behind those that define types it names
 * @param unwraps whether documents show values of a union as they are, in place of an object that names their type
 */
export async function openAvro(texts: readonly string[], { unwraps }: { readonly unwraps: boolean }): Promise<AvroCodec> {
  // Few need it.
  const { default: library } = await import('avsc');
  const { type, extent, toJson, fromJson } = guarded('expected an Avro schema', () => {
    const schemas = readAvroSchemas(texts);
    return {
      type: typeOf(schemas, library),
      extent: extentOfAvro(schemas),
      toJson: jsonOfAvro(schemas, unwraps),
      fromJson: avroOfJson(schemas),
    };
  });
  const decodeAt = (data: Buffer, at: number) =>
    guarded('expected a value of the Avro schema', () =>
      extent(data, at) < 0 ? { value: undefined, offset: -1 } : (type.decode(data, at) as { value: unknown; offset: number }),
    );
  return {
    fingerprint: fingerprintOf(JSON.stringify(type.schema())),
    decodeAt,
    decode(data) {
      const { value, offset } = decodeAt(data, 0);
      if (offset === data.length) return value;
      throw new BloblangError(`expected a value of the Avro schema in ${data.length} bytes, found ${offset < 0 ? 'more' : `${offset}`}`);
    },
    encode: (value) => type.toBuffer(value),
    toJson,
    fromJson,
  };
}

function typeOf(schemas: readonly unknown[], library: typeof avsc): avsc.Type {
  const long = exactLong(library);
  // The registry serves names only.
  const typeHook = (schema: unknown) => ((schema as { type?: unknown }).type === 'long' ? long : undefined);
  const options = { registry: { long }, typeHook, wrapUnions: true, omitRecordMethods: true };
  return schemas.map((schema) => library.Type.forSchema(schema as avsc.Schema, options)).at(-1)!;
}

function guarded<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof BloblangError) throw error;
    const { message } = error as Error;
    throw new BloblangError(`${what}: ${/call stack/.test(message) ? 'it is nested too deeply' : message}`);
  }
}

/** Longs as bigints: a number may not hold them exactly. */
const exactLong = ({ types }: typeof avsc): avsc.Type =>
  types.LongType.__with({
    fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
    toBuffer: (value: bigint) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(value);
      return bytes;
    },
    fromJSON: BigInt,
    toJSON: String,
    isValid: (value: unknown) => typeof value === 'bigint',
    compare: (a: bigint, b: bigint) => (a < b ? -1 : Number(a > b)),
  });
