import { silentLogger, systemClock } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { compileProcessors } from './compile-processors.ts';
import type { HttpRequest } from './http-port.ts';
import { messageOf, step } from './testing/chain.ts';

const UNION = '{"type":"record","name":"a.order","fields":[{"name":"note","type":["null","string"]}]}';
const RECORD = [2, 2, 0x61];

describe('schema_registry_decode', () => {
  it('makes documents of messages by the schema that their header names, and asks for it once', async () => {
    const { told, sent } = decoderOf({ '/base/schemas/ids/258': { schema: UNION } });
    expect(await told([framed(258, RECORD), framed(258, [0])])).toEqual(['{"note":{"string":"a"}}', '{"note":null}']);
    expect(await told([framed(258, [0])])).toEqual(['{"note":null}']);
    expect(sent.map(({ method, url, headers }) => [method, url, headers])).toEqual([
      ['GET', 'http://h/base/schemas/ids/258?x=1', { Accept: 'application/vnd.schemaregistry.v1+json' }],
    ]);
  });

  it('leaves out the types of unions where that is asked for, and logs in', async () => {
    const options = { avro_raw_json: true, basic_auth: { enabled: true, username: 'u', password: 'p' } };
    const { told, sent } = decoderOf({ '/base/schemas/ids/1': { schema: UNION, schemaType: 'AVRO' } }, options);
    expect(await told([framed(1, RECORD)])).toEqual(['{"note":"a"}']);
    expect(sent[0]!.headers.Authorization).toBe('Basic dTpw');
  });

  it('follows references, each once, also of schemas that refer to each other', async () => {
    const reference = (name: string) => ({ name, subject: `s/${name}`, version: 2 });
    const { told, sent } = decoderOf({
      '/base/schemas/ids/1': { schema: '{"type":"array","items":"b.Row"}', references: [reference('Row'), reference('Kind')] },
      '/base/subjects/s%2FRow/versions/2': {
        schema: '{"type":"record","name":"b.Row","fields":[{"name":"k","type":"Kind"}]}',
        references: [reference('Kind')],
      },
      '/base/subjects/s%2FKind/versions/2': {
        schema: '{"type":"enum","name":"b.Kind","symbols":["X","Y"]}',
        references: [reference('Row')],
      },
    });
    expect(await told([framed(1, [2, 2, 0])])).toEqual(['[{"k":"Y"}]']);
    expect(sent).toHaveLength(3);
  });

  it('checks documents of JSON schemas, and leaves them as they are', async () => {
    const { told } = decoderOf({ '/base/schemas/ids/1': { schema: '{"type":"object"}', schemaType: 'JSON' } });
    expect(await told([framed(1, Buffer.from('{ "a":1 }')), framed(1, Buffer.from('[]'))])).toEqual([
      '{ "a":1 }',
      '! (root) invalid type. expected: object, given: array',
    ]);
  });

  describe('of Protobuf', () => {
    const { told, sent } = decoderOf({
      '/base/schemas/ids/1': {
        schemaType: 'PROTOBUF',
        schema:
          'syntax = "proto3"; import "b/kind.proto"; message A { b.Kind kind = 1; message M { string s = 1; } } message B { int64 n = 1; }',
        references: [{ name: 'b/kind.proto', subject: 'kind', version: 3 }],
      },
      '/base/subjects/kind/versions/3': { schema: 'syntax = "proto3"; package b; enum Kind { X = 0; Y = 1; }' },
      '/base/schemas/ids/2': { schemaType: 'PROTOBUF', schema: 'syntax = "proto3"; import "c.proto";' },
    });

    it('finds the message by its indexes, in a schema with references', async () => {
      // Counts and indexes are in zigzag encoding.
      const batch = [[0, 8, 1], [2, 0, 8, 1], [2, 2, 8, 5], [4, 0, 0, 10, 1, 0x61], [0]];
      expect(await told(batch.map((data) => framed(1, data)))).toEqual(['{"kind":"Y"}', '{"kind":"Y"}', '{"n":"5"}', '{"s":"a"}', '{}']);
      expect(sent).toHaveLength(2);
    });

    it('flags what does not fit', async () => {
      const batch = [[], [2], [2, 4], [4, 0, 2], [1], [0xff, 0xff, 0xff, 0xff, 0xff, 1], [2, 1], [0, 8]];
      expect(await told([...batch.map((data) => framed(1, data)), framed(2, [0])])).toEqual([
        '! unable to read message indexes',
        '! unable to read message indexes',
        '! expected the index of one of 2 messages, found 2',
        '! expected the index of one of 1 messages, found 1',
        '! expected 0 to 100 message indexes, found -1',
        '! unable to read message indexes',
        '! expected the index of one of 2 messages, found -1',
        expect.stringMatching(/^! expected a message of the type A: /),
        '! the schema: expected the file of the import `c.proto`, found none',
      ]);
    });
  });

  it('flags what has no header, no schema, or does not fit it, leaves it as it is, and goes on with its neighbours', async () => {
    const { told, run, sent } = decoderOf({
      '/base/schemas/ids/1': { schema: UNION },
      '/base/schemas/ids/3': { schema: 'no' },
      '/base/schemas/ids/4': { schema: '{}', schemaType: 'THRIFT' },
      '/base/schemas/ids/5': {},
    });
    const batch = [Buffer.from('{"a":1}'), Buffer.from([0, 0, 0, 1]), ...[2, 3, 3, 4, 5].map((id) => framed(id, [])), framed(1, [9])];
    expect(await told([...batch, framed(1, [0])])).toEqual([
      '! serialization format version number 123 not supported',
      '! message is empty or too small',
      "! schema '2' not found by registry",
      expect.stringMatching(/^! expected an Avro schema, found no JSON/),
      expect.stringMatching(/^! expected an Avro schema, found no JSON/),
      '! schema type THRIFT not supported',
      "! failed to parse response for schema '5': expected a text as `schema`",
      expect.stringMatching(/^! expected one of 2 branches/),
      '{"note":null}',
    ]);
    expect(sent).toHaveLength(5);
    expect((await run(batch)).map(({ message }) => Buffer.from(message.content))).toEqual(batch);
  });

  it('asks for a schema that cannot be had once in a batch, and again in the next', async () => {
    const schemas: Record<string, object> = {};
    const { told, sent } = decoderOf(schemas);
    const missing = "! schema '7' not found by registry";
    expect(await told([framed(7, [0]), framed(7, [0])])).toEqual([missing, missing]);
    expect(sent).toHaveLength(1);
    schemas['/base/schemas/ids/7'] = { schema: UNION };
    expect(await told([framed(7, [0])])).toEqual(['{"note":null}']);
  });

  it('refuses a URL that is none', () => {
    expect(() => decoderOf({}, { url: 'registry:8081' })).toThrow('expected a `url` that begins with http:// or https://');
  });
});

const framed = (id: number, data: Iterable<number>): Buffer => {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(id, 1);
  return Buffer.concat([header, Buffer.from([...data])]);
};

const OPTIONS = {
  url: 'http://h/base/?x=1',
  avro_raw_json: false,
  basic_auth: { enabled: false, username: '', password: '' },
  tls: { enabled: false },
};

/** A registry that has schemas by the paths of requests. */
function decoderOf(schemas: Readonly<Record<string, object>>, options: object = {}) {
  const sent: HttpRequest[] = [];
  const openHttp = () => ({
    send: async (request: HttpRequest) => {
      sent.push(request);
      const found = schemas[new URL(request.url).pathname];
      const answer = { status: found ? 200 : 404, headers: {}, body: Buffer.from(JSON.stringify(found ?? {})) };
      return { answer, problem: found ? undefined : 'status 404' };
    },
  });
  const ports = { logger: silentLogger, clock: systemClock, openHttp, refusesFailed: false };
  const chain = compileProcessors([step('schema_registry_decode', { ...OPTIONS, ...options })], ports);
  const run = async (batch: readonly Buffer[]) => chain.run(batch.map((content) => messageOf(content)));
  const told = async (batch: readonly Buffer[]) =>
    (await run(batch)).map(({ message }) => (message.failure ? `! ${message.failure.message}` : Buffer.from(message.content).toString()));
  return { told, run, sent };
}
