import { deflateSync } from 'node:zlib';
import { silentLogger, systemClock } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { compileProcessors } from './compile-processors.ts';
import { ResourceError } from './failure.ts';
import { messageOf, step } from './testing/chain.ts';

const ID = '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';
const OTHER = 'ffffffff-4e5f-6071-8293-a4b5c6d7e8f9';
const UNION = '{"type":"record","name":"a.order","fields":[{"name":"note","type":["null","string"]}]}';
const RECORD = Buffer.from([2, 2, 0x61]);
const AWS = { region: 'eu-west-1', endpoint: undefined, credentials: { type: 'default' }, assumeRole: undefined, http: {} };

describe('glue_schema_registry_decode', () => {
  it('makes documents of plain and compressed messages by the schema that their header names, and asks for it once', async () => {
    const { told, asked, opened } = decoderOf({ [ID]: { type: 'AVRO', text: UNION } });
    expect(await told([framed(ID, RECORD), framed(ID, deflateSync(RECORD), 5)])).toEqual([
      '{"note":{"string":"a"}}',
      '{"note":{"string":"a"}}',
    ]);
    expect(await told([framed(ID, Buffer.from([0]))])).toEqual(['{"note":null}']);
    expect([asked, opened]).toEqual([[ID], [AWS]]);
  });

  it('leaves out the types of unions where that is asked for', async () => {
    const { told } = decoderOf({ [ID]: { type: 'AVRO', text: UNION } }, { avro_raw_json: true });
    expect(await told([framed(ID, RECORD)])).toEqual(['{"note":"a"}']);
  });

  it('checks documents of JSON schemas, and leaves them as they are', async () => {
    const { told } = decoderOf({ [ID]: { type: 'JSON', text: '{"type":"object"}' } });
    expect(await told([framed(ID, Buffer.from('{ "a":1 }')), framed(ID, deflateSync('[]'), 5)])).toEqual([
      '{ "a":1 }',
      '! (root) invalid type. expected: object, given: array',
    ]);
  });

  it('flags what has no header, no schema, or does not fit it, leaves it as it is, and goes on with its neighbours', async () => {
    const { told, run, asked } = decoderOf({ [ID]: { type: 'AVRO', text: UNION } });
    const batch = [
      Buffer.from('{"a":1}'),
      Buffer.from('{"id":1,"note":"longer"}'),
      framed(ID, RECORD, 1),
      framed(ID, RECORD, 5),
      framed(OTHER, RECORD),
      framed(OTHER, RECORD),
      framed(ID, Buffer.from([9])),
    ];
    expect(await told([...batch, framed(ID, RECORD)])).toEqual([
      '! expected a header of 18 bytes as AWS Glue has it, found 7 bytes in all',
      '! expected 3 as the version of the header, found 123',
      '! expected 0 or 5 (zlib) as the compression in the header, found 1',
      expect.stringMatching(/^! zlib: /),
      `! no ${OTHER}`,
      `! no ${OTHER}`,
      expect.stringMatching(/^! expected one of 2 branches/),
      '{"note":{"string":"a"}}',
    ]);
    // One that cannot be had is asked for once in a batch.
    expect(asked).toEqual([OTHER, ID]);
    expect((await run(batch)).map(({ message }) => Buffer.from(message.content))).toEqual(batch);
  });

  it('finds the message of a Protobuf schema by its place among the sorted names of all', async () => {
    // B, B.A, B.A.D, B.C, B.TagsEntry, C
    const text =
      'syntax = "proto3"; package p; message C { int64 n = 1; } message B { message C { string s = 1; } message A { message D { bool d = 1; } } map<string, string> tags = 1; }';
    const { told } = decoderOf({ [ID]: { type: 'PROTOBUF', text } });
    const batch = [[0], [2, 8, 1], [3, 10, 1, 0x61], [5, 8, 5], [6], [4], [], [5, 8]].map((data) => framed(ID, Buffer.from(data)));
    expect(await told([...batch, framed(ID, deflateSync(Buffer.from([5, 8, 5])), 5)])).toEqual([
      '{}',
      '{"d":true}',
      '{"s":"a"}',
      '{"n":"5"}',
      '! expected the place of one of 6 messages, found 6',
      expect.stringMatching(/^! expected the message `p.B.TagsEntry`/),
      '! unable to read message indexes',
      expect.stringMatching(/^! expected a message of the type p.C: /),
      '{"n":"5"}',
    ]);
  });

  it('says which schemas it does not know', async () => {
    const { told } = decoderOf({ [ID]: { type: 'THRIFT', text: '' } });
    expect(await told([framed(ID, RECORD)])).toEqual(['! schema type THRIFT not supported']);
  });

  it('does not start where nothing can ask AWS Glue', () => {
    const ports = { logger: silentLogger, clock: systemClock, refusesFailed: false };
    const steps = [step('glue_schema_registry_decode', { aws: AWS, avro_raw_json: false })];
    expect(() => compileProcessors(steps, ports)).toThrow('expected a way to ask AWS Glue');
  });
});

const framed = (id: string, data: Buffer, compression = 0): Buffer =>
  Buffer.concat([Buffer.from([3, compression]), Buffer.from(id.replaceAll('-', ''), 'hex'), data]);

/** A registry that has schemas by the ids of their versions. */
function decoderOf(schemas: Readonly<Record<string, { readonly type: string; readonly text: string }>>, options: object = {}) {
  const asked: string[] = [];
  const opened: object[] = [];
  const openGlue = (aws: object) => {
    opened.push(aws);
    return {
      version: async (id: string) => {
        asked.push(id);
        const found = schemas[id];
        if (!found) throw new ResourceError(`no ${id}`);
        return { ...found, references: [] };
      },
    };
  };
  const ports = { logger: silentLogger, clock: systemClock, openGlue, refusesFailed: false };
  const chain = compileProcessors([step('glue_schema_registry_decode', { aws: AWS, avro_raw_json: false, ...options })], ports);
  const run = async (batch: readonly Buffer[]) => chain.run(batch.map((content) => messageOf(content)));
  const told = async (batch: readonly Buffer[]) =>
    (await run(batch)).map(({ message }) => (message.failure ? `! ${message.failure.message}` : Buffer.from(message.content).toString()));
  return { told, run, asked, opened };
}
