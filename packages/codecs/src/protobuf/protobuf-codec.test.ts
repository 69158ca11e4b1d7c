import { describe, expect, it } from 'vitest';
import { openProtobuf } from './protobuf-codec.ts';

const ORDER = `
syntax = "proto3";
package shop.orders; import "shop/kind.proto"; import "google/protobuf/timestamp.proto"; import "google/protobuf/descriptor.proto";
extend google.protobuf.FieldOptions { string unit = 50001; }
/* message Not { } */
message Order {
  int64 order_id = 1;
  repeated sint32 counts = 2;
  repeated fixed32 loose = 3 [packed = false];
  map<string, Line> lines_by_name = 4;
  Kind kind = 5;
  oneof payment { string card = 6 [json_name = "CARD"]; bool cash = 7; }
  optional double weight = 8 [(unit) = "kg"];
  google.protobuf.Timestamp made_at = 9;
  bytes raw = 10;
  shop.Kind other = 11;
  Line line = 12;
  message Line { Order inner = 1; Unit unit = 2; enum Unit { NONE = 0; BOX = 1; } message Deep { string a = 1; } }
}
message Second { string a = 1; }
service Orders { rpc Get(Order) returns (Second); }
`;
const KIND = 'syntax = "proto3"; package shop; enum Kind { UNKNOWN = 0; NEW = 1; }';

const shop = () =>
  openProtobuf(
    new Map([
      ['shop/order.proto', ORDER],
      ['shop/kind.proto', KIND],
    ]),
  );

const DOCUMENT = {
  orderId: '9007199254740993',
  counts: [-1, 2],
  loose: [3],
  linesByName: { a: { unit: 'BOX' } },
  kind: 'NEW',
  CARD: 'x',
  weight: 0,
  madeAt: '2026-01-02T03:04:05.678Z',
  raw: 'AQI=',
  line: { inner: { orderId: '1' } },
};

describe('openProtobuf', () => {
  it('writes documents as bytes, and reads them again', async () => {
    const order = (await shop()).message('shop.orders.Order');
    const data = order.fromJson(Buffer.from(JSON.stringify(DOCUMENT)));
    expect(JSON.parse(order.toJson(data))).toEqual(DOCUMENT);
    expect(JSON.parse(order.toJson(data, { usesProtoNames: true, usesEnumNumbers: true }))).toMatchObject({
      order_id: '9007199254740993',
      kind: 1,
      card: 'x',
    });
  });

  it('writes the bytes that the encoding asks for', async () => {
    const order = (await shop()).message('shop.orders.Order');
    const bytes = (document: object) => Buffer.from(order.fromJson(Buffer.from(JSON.stringify(document)))).toString('hex');
    expect(bytes({ orderId: 150 })).toBe('089601');
    expect(bytes({ counts: [-1, 1] })).toBe('12020102');
    expect(bytes({ loose: [1] })).toBe('1d01000000');
    expect(bytes({ linesByName: { a: {} } })).toBe('22050a01611200');
  });

  it('keeps integers that a number cannot hold', async () => {
    const order = (await shop()).message('shop.orders.Order');
    const data = order.fromJson(Buffer.from('{"orderId":9007199254740993,"CARD":"\\"9007199254740993"}'));
    expect(order.toJson(data)).toBe('{"orderId":"9007199254740993","CARD":"\\"9007199254740993"}');
  });

  it('finds messages by their places', async () => {
    const codec = await shop();
    expect(codec.messageAt('shop/order.proto', [1]).toJson(Buffer.from('0a0161', 'hex'))).toBe('{"a":"a"}');
    expect(codec.messageAt('shop/order.proto', [0, 0, 0]).toJson(Buffer.from('0a0162', 'hex'))).toBe('{"a":"b"}');
    expect(codec.namesIn('shop/order.proto')).toEqual([
      'shop.orders.Order',
      ...['Line', 'Line.Deep', 'LinesByNameEntry'].map((name) => `shop.orders.Order.${name}`),
      'shop.orders.Second',
    ]);
    expect(() => codec.messageAt('shop/order.proto', [2])).toThrow('expected the index of one of 2 messages, found 2');
    expect(() => codec.messageAt('shop/order.proto', [])).toThrow('expected the index of a message, found none');
  });

  it('refuses what does not fit', async () => {
    const order = (await shop()).message('shop.orders.Order');
    for (const data of ['08', '0a', '32ff', '3202c328', '0b'])
      expect(() => order.toJson(Buffer.from(data, 'hex')), data).toThrow('expected a message of the type shop.orders.Order: ');
    for (const document of ['', '[]', '{"no":1}', '{"orderId":"x"}', '{"orderId":1,"orderId":2}', '{"kind":"OLD"}'])
      expect(() => order.fromJson(Buffer.from(document)), document).toThrow('expected a document of the type shop.orders.Order: ');
    expect(order.fromJson(Buffer.from('{"no":1}'), { discardsUnknown: true })).toHaveLength(0);
  });

  it('knows proto2: groups, defaults, required fields and extensions', async () => {
    const codec = await openProtobuf(
      new Map([
        [
          'a.proto',
          'message M { required int32 a = 1; optional group G = 2 { optional E e = 1 [default = B]; } extensions 100 to max; }\n' +
            'enum E { A = 0; B = 1; } extend M { optional string more = 100; }',
        ],
      ]),
    );
    const message = codec.message('M');
    const document = '{"a":1,"g":{"e":"A"},"[more]":"x"}';
    expect(message.toJson(message.fromJson(Buffer.from(document)))).toBe(document);
    expect(() => message.fromJson(Buffer.from('{}'))).toThrow('expected a document of the type M');
  });

  it('shows floats by the digits that they need, wherever they are', async () => {
    const text =
      'import "google/protobuf/wrappers.proto"; message M { optional float a = 1 [default = 0.3]; repeated float b = 2; map<string, float> c = 3; ' +
      'oneof o { float d = 4; M e = 5; } optional google.protobuf.FloatValue f = 6; repeated M g = 7; map<string, M> h = 8; optional double i = 9; ' +
      'repeated google.protobuf.FloatValue j = 10; oneof p { google.protobuf.FloatValue k = 11; M l = 12; } }';
    const message = (await openProtobuf(new Map([['a.proto', text]]))).message('M');
    const rest = '"f":0.1,"g":[{"a":16777216}],"h":{"x":{"a":1e-45}},"i":0.10000000149011612,"j":[0.1],"k":0.1';
    const document = `{"a":0.1,"b":[0.2,"NaN",3.4028235e+38],"c":{"x":0.1},"e":{"d":0.7},${rest}}`;
    expect(message.toJson(message.fromJson(Buffer.from(document)))).toBe(document);
    expect(message.toJson(Buffer.alloc(0))).toBe('{}');
  });

  it('knows editions', async () => {
    const text = 'edition = "2023"; package e; option features.field_presence = IMPLICIT; message M { int32 a = 1; repeated int32 b = 2; }';
    const message = (await openProtobuf(new Map([['e.proto', text]]))).message('e.M');
    expect(message.toJson(message.fromJson(Buffer.from('{"a":0,"b":[1]}')))).toBe('{"b":[1]}');
  });

  it.each([
    ['message M { optional Nope a = 1; }', 'a.proto: expected a type, found `Nope`, which is declared nowhere'],
    ['message M { int32 a = 1 }', 'a.proto: illegal token'],
    ['message M {', 'a.proto: expected as many `{` as `}`, found more `{`'],
    ['import "b.proto"; message M {}', 'a.proto: expected the file of the import `b.proto`, found none'],
  ])('refuses the file %s', async (text, reason) => {
    await expect(openProtobuf(new Map([['a.proto', text]]))).rejects.toThrow(reason);
  });
});
