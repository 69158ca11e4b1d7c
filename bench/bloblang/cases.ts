import { hash } from 'node:crypto';
import type { Message } from '@sluice/bloblang';
import { parseInterpolation, parseMapping } from '@sluice/bloblang-library';
import { parseCsv } from './csv.ts';
import { envelopes, events, orders } from './messages.ts';

/** What one side makes of a message: its new content, `null` if it goes away, an answer, or a text. */
export type Outcome = Uint8Array | null | boolean | string;

export type Side = (batch: readonly Message[], index: number) => Outcome;

/** The same work done by a mapping and by code that somebody would write for it by hand. */
export interface BenchCase {
  readonly name: string;
  /** What `source` is. */
  readonly kind: 'mapping' | 'check' | 'interpolation';
  readonly source: string;
  /** The messages come in batches of this size. */
  readonly batchSize: number;
  readonly messages: readonly Message[];
  readonly bloblang: Side;
  readonly handWritten: Side;
}

interface Order {
  id: string;
  type: string;
  created_at: string;
  user: { id: string; name: string; email: string; phone?: string; tier: string; age: number };
  address: { city: string; country: string };
  items: Array<{ sku: string; quantity: number; price: number }>;
  total: number;
  currency: string;
  is_gift: boolean;
  note: string;
}

const read = <T = Order>({ content }: Message): T => JSON.parse((content as Buffer).toString()) as T;
const write = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const COUNT = 200;

const mapping = (source: string): Side => {
  const compiled = parseMapping(source);
  return (batch, index) => {
    const outcome = compiled.map(batch, index);
    if (outcome.kind === 'failed') throw outcome.error;
    return outcome.kind === 'dropped' ? null : outcome.message.content;
  };
};

/** A mapping against a function from the message and its place to the new document, or to `null` for none. */
const mappingCase = (
  name: string,
  source: string,
  handWritten: (message: Message, index: number, batch: readonly Message[]) => unknown,
  { messages = orders(COUNT), batchSize = 50 } = {},
): BenchCase => ({
  name,
  kind: 'mapping',
  source,
  batchSize,
  messages,
  bloblang: mapping(source),
  handWritten: (batch, index) => {
    const document = handWritten(batch[index]!, index, batch);
    return document === null ? null : write(document);
  },
});

const checkCase = (name: string, source: string, handWritten: (message: Message, batch: readonly Message[]) => boolean): BenchCase => {
  const compiled = parseMapping(source);
  return {
    name,
    kind: 'check',
    source,
    batchSize: 50,
    messages: orders(COUNT),
    bloblang: (batch, index) => compiled.check(batch, index),
    handWritten: (batch, index) => handWritten(batch[index]!, batch),
  };
};

const interpolationCase = (name: string, messages: readonly Message[]): BenchCase => {
  const source = '${! json("user.id") }-${! metadata("k") }';
  const compiled = parseInterpolation(source);
  return {
    name,
    kind: 'interpolation',
    source,
    batchSize: 50,
    messages,
    bloblang: (batch, index) => compiled.evaluate(batch, index),
    handWritten: (batch, index) => {
      const message = batch[index]!;
      return `${read(message).user.id}-${message.metadata['k']}`;
    },
  };
};

const DISCOUNTS: Readonly<Record<string, number>> = { gold: 10, platinum: 20 };

export const mappingCases: readonly BenchCase[] = [
  mappingCase(
    'field picks and renames',
    `root.order_id = this.id
root.customer = this.user.name
root.customer_id = this.user.id
root.city = this.address.city
root.amount = this.total
root.first_sku = this.items.0.sku`,
    (message) => {
      const order = read(message);
      return {
        amount: order.total,
        city: order.address.city,
        customer: order.user.name,
        customer_id: order.user.id,
        first_sku: order.items[0]?.sku ?? null,
        order_id: order.id,
      };
    },
  ),
  {
    name: 'partition key from two fields',
    kind: 'interpolation',
    source: '${! this.address.country }/${! this.user.id.uppercase() }',
    batchSize: 50,
    messages: orders(COUNT),
    bloblang: (
      (interpolation) => (batch, index) =>
        interpolation.evaluate(batch, index)
    )(parseInterpolation('${! this.address.country }/${! this.user.id.uppercase() }')),
    handWritten: (batch, index) => {
      const order = read(batch[index]!);
      return `${order.address.country}/${order.user.id.toUpperCase()}`;
    },
  },
  mappingCase('filter', 'root = if this.total < 50 || this.type == "order.cancelled" { deleted() } else { this }', (message) => {
    const order = read(message);
    return order.total < 50 || order.type === 'order.cancelled' ? null : order;
  }),
  mappingCase(
    'enrichment with match',
    `root = this
root.discount = match this.user.tier {
  "gold" => 10
  "platinum" => 20
  _ => 0
}
root.segment = match {
  this.user.age < 25 => "young"
  this.user.age < 60 => "adult"
  _ => "senior"
}
root.source = metadata("source")`,
    (message) => {
      const order = read(message);
      const { age, tier } = order.user;
      const segment = age < 25 ? 'young' : age < 60 ? 'adult' : 'senior';
      return { ...order, discount: DISCOUNTS[tier] ?? 0, segment, source: message.metadata['source'] };
    },
  ),
  mappingCase(
    'fold over an array',
    `root.id = this.id
root.pieces = this.items.fold(0, item -> item.tally + item.value.quantity)
root.value = this.items.map_each(item -> item.quantity * item.price).sum()
root.skus = this.items.map_each(item -> item.sku).join(",")`,
    (message) => {
      const { id, items } = read(message);
      return {
        id,
        pieces: items.reduce((pieces, item) => pieces + item.quantity, 0),
        skus: items.map((item) => item.sku).join(','),
        value: items.reduce((value, item) => value + item.quantity * item.price, 0),
      };
    },
  ),
  mappingCase(
    'CSV and JSON parsing',
    `root.id = this.id
root.rows = this.csv.parse_csv().map_each(row -> {"id": row.id, "name": row.name, "amount": row.amount.number()})
root.context = this.context.parse_json()`,
    (message) => {
      const { id, csv, context } = read<{ id: string; csv: string; context: string }>(message);
      return {
        context: JSON.parse(context) as unknown,
        id,
        rows: parseCsv(csv).map((row) => ({ amount: Number(row['amount']), id: row['id'], name: row['name'] })),
      };
    },
    { messages: envelopes(COUNT) },
  ),
  mappingCase(
    'time format',
    `root.id = this.id
root.day = this.created_at.ts_format("2006-01-02", "UTC")
root.at = this.created_at.ts_unix()`,
    (message) => {
      const { id, created_at } = read(message);
      const at = new Date(created_at);
      return { at: Math.floor(at.getTime() / 1000), day: at.toISOString().slice(0, 10), id };
    },
  ),
  mappingCase(
    'PII scrub',
    `root = this
root.user.email = this.user.email.hash("sha256").encode("hex")
root.user.phone = deleted()
root.note = this.note.re_replace_all("[0-9]{13,19}", "****")`,
    (message) => {
      const order = read(message);
      order.user.email = hash('sha256', order.user.email);
      delete order.user.phone;
      order.note = order.note.replace(/[0-9]{13,19}/g, '****');
      return order;
    },
  ),
  mappingCase(
    'aggregate over a batch',
    `root = if batch_index() == 0 {
  { "count": batch_size(), "total": json("total").from_all().sum(), "first": this.id }
} else { deleted() }`,
    (message, index, batch) => {
      if (index !== 0) return null;
      return { count: batch.length, first: read(message).id, total: batch.reduce((total, other) => total + read(other).total, 0) };
    },
  ),
  checkCase('batch check', 'batch_size() >= 100 || this.type == "order.cancelled" && this.total > 100', (message, batch) => {
    if (batch.length >= 100) return true;
    const order = read(message);
    return order.type === 'order.cancelled' && order.total > 100;
  }),
];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const upperCased = (value: Json): Json => {
  if (typeof value === 'string') return value.toUpperCase();
  if (Array.isArray(value)) return value.map(upperCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, upperCased(inner)]));
};

/** Rarer, and dear where an interpreter is careless. */
export const furtherCases: readonly BenchCase[] = [
  mappingCase(
    'range',
    `root.id = this.id
root.squares = range(0, 100).map_each(number -> number * number)`,
    (message) => ({ id: read(message).id, squares: Array.from({ length: 100 }, (_, number) => number * number) }),
  ),
  mappingCase(
    'recursion',
    `map upper {
  root = match {
    this.type() == "object" => this.map_each(item -> item.value.apply("upper"))
    this.type() == "array" => this.map_each(item -> item.apply("upper"))
    this.type() == "string" => this.uppercase()
    _ => this
  }
}
root = this.apply("upper")`,
    (message) => upperCased(read<Json>(message)),
  ),
];

export const interpolationCases: readonly BenchCase[] = [
  interpolationCase('interpolation, 200 B', events(200, COUNT)),
  interpolationCase('interpolation, dense 1 KiB', events(1024, COUNT)),
];
