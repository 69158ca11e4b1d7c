import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run, runWaiting, step } from './testing/chain.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-protobuf-'));
afterAll(() => rmSync(folder, { recursive: true }));

function folderOf(name: string, files: Readonly<Record<string, string>>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, file)), { recursive: true });
    writeFileSync(join(folder, name, file), text);
  }
  return join(folder, name);
}

const shop = folderOf('shop', {
  'shop/order.proto':
    'syntax = "proto3"; package shop; import "shop/kind.proto"; message Order { int64 order_id = 1; Kind kind = 2; message Line { string a = 1; } }',
  'shop/kind.proto': 'syntax = "proto3"; package shop; enum Kind { NONE = 0; NEW = 1; }',
});

const DOCUMENT = '{"orderId":"1","kind":"NEW"}';
const BYTES = Buffer.from([8, 1, 16, 1]);

const protobuf = (operator: string, options: object = {}) =>
  step('protobuf', {
    ...{ operator, message: 'shop.Order', import_paths: [shop] },
    ...{ discard_unknown: false, use_proto_names: false, use_enum_numbers: false, ...options },
  });

describe('protobuf', () => {
  it('makes bytes of documents, and documents of bytes', async () => {
    expect(await contents([protobuf('from_json')], [DOCUMENT, '{"order_id":1,"kind":1}'])).toEqual([BYTES, BYTES]);
    expect(await contents([protobuf('to_json')], [BYTES, ''])).toEqual([Buffer.from(DOCUMENT), Buffer.from('{}')]);
    expect(await contents([protobuf('to_json', { message: 'shop.Order.Line' })], [Buffer.from([10, 1, 0x61])])).toEqual([
      Buffer.from('{"a":"a"}'),
    ]);
  });

  it('takes names of files and numbers, and leaves out what is unknown, where that is asked for', async () => {
    const [document] = await contents([protobuf('to_json', { use_proto_names: true, use_enum_numbers: true })], [BYTES]);
    expect(document!.toString()).toBe('{"order_id":"1","kind":1}');
    const more = '{"orderId":1,"kind":"NEW","more":{}}';
    expect(await contents([protobuf('from_json', { discard_unknown: true })], [more])).toEqual([BYTES]);
    expect(await failures([protobuf('from_json')], [more])).toEqual([
      expect.stringMatching(/^failed to unmarshal JSON message 'shop\.Order': .*more/),
    ]);
  });

  it('flags what does not fit, leaves it as it is, and goes on with its neighbours', async () => {
    const bad = Buffer.from([8]);
    expect(await contents([protobuf('to_json')], [bad, BYTES])).toEqual([bad, Buffer.from(DOCUMENT)]);
    expect(await failures([protobuf('to_json')], [bad, BYTES])).toEqual([
      expect.stringMatching(/^failed to unmarshal protobuf message 'shop\.Order': /),
      undefined,
    ]);
    expect(await failures([protobuf('from_json')], [Buffer.from([0x22, 0xff, 0x22])])).toEqual([expect.stringContaining('shop.Order')]);
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    expect(await failures([protobuf('from_json', { discard_unknown: true })], [deep])).toHaveLength(1);
  });

  it('flags each message where only the library refuses the files', async () => {
    const typo = folderOf('typo', { 'a.proto': 'syntax = "proto3"; message M { Nope a = 1; }' });
    expect(await failures([protobuf('to_json', { message: 'M', import_paths: [typo] })], [BYTES, BYTES])).toEqual(
      Array(2).fill(expect.stringContaining('a.proto: expected a type, found `Nope`')),
    );
  });

  it.each([
    [{ message: '' }, 'message field must not be empty'],
    [{ message: 'shop.Nope' }, "unable to find message 'shop.Nope' definition within '["],
    [{ import_paths: [] }, "unable to find message 'shop.Order' definition within '[]', which has 0 .proto files"],
    [{ import_paths: [join(folder, 'nothere')] }, 'failed to read import_paths: ENOENT'],
    [
      { import_paths: [folderOf('alone', { 'a.proto': 'import "b.proto"; message M {}' })] },
      'a.proto: expected the file of the import `b.proto`, found none',
    ],
    [{ import_paths: [folderOf('open', { 'a.proto': 'message M {' })] }, 'a.proto: expected as many `{` as `}`, found more `{`'],
  ])('refuses %j at start', (options, reason) => {
    expect(() => run([protobuf('to_json', options)], ['{}'])).toThrow(reason);
  });
});

const contents = async (...args: Parameters<typeof runWaiting>) =>
  (await runWaiting(...args)).map(({ message }) => Buffer.from(message.content));

const failures = async (...args: Parameters<typeof runWaiting>) =>
  (await runWaiting(...args)).map(({ message }) => message.failure?.message);
