import type { Message } from '@sluice/bloblang';

/** Pseudo-random whole numbers below a limit, the same at each run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const NAMES = ['Ada', 'Grace', 'Linus', 'Barbara', 'Ken', 'Margaret', 'Dennis', 'Frances'];
const TIERS = ['free', 'basic', 'gold', 'platinum'];
const KINDS = ['order.created', 'order.paid', 'order.cancelled', 'order.shipped'];
const WORDS = 'please leave the parcel with the neighbour on the second floor and call before you come because nobody may be home'.split(
  ' ',
);

/** Orders as an online shop sends them, 1 KiB of JSON each: nested objects, an array, texts and numbers. */
export function orders(count: number): Message[] {
  const random = randomOf(7);
  return Array.from({ length: count }, (_, index) =>
    messageOf(padTo(1024, order(index, random)), { k: `shard-${index % 4}`, source: 'shop' }),
  );
}

function order(index: number, random: (below: number) => number): Record<string, unknown> {
  const name = NAMES[random(NAMES.length)]!;
  const price = (): number => (random(20_000) + 1) / 100;
  return {
    id: `order-${100_000 + index}`,
    type: KINDS[random(KINDS.length)],
    created_at: new Date(Date.UTC(2026, random(12), 1 + random(28), random(24), random(60), random(60))).toISOString().replace('.000', ''),
    user: {
      id: `u${random(100_000)}`,
      name,
      email: `${name.toLowerCase()}${random(1000)}@example.com`,
      phone: `+49 30 ${1_000_000 + random(9_000_000)}`,
      tier: TIERS[random(TIERS.length)],
      age: 18 + random(60),
    },
    address: { street: `${1 + random(200)} Main Street`, city: 'Springfield', country: 'US', zip: String(10_000 + random(90_000)) },
    items: Array.from({ length: 4 }, (__, place) => ({ sku: `SKU-${random(10_000)}-${place}`, quantity: 1 + random(5), price: price() })),
    total: price(),
    currency: 'USD',
    is_gift: random(2) === 0,
    note: `${Array.from({ length: 10 }, () => WORDS[random(WORDS.length)]).join(' ')} card 4111${String(10 ** 11 + random(10 ** 11)).padStart(12, '0')}`,
  };
}

/** Envelopes whose payloads are texts in other formats, 1 KiB each: a table of comma-separated values, and JSON within JSON. */
export function envelopes(count: number): Message[] {
  const random = randomOf(11);
  return Array.from({ length: count }, (_, index) => {
    const rows = Array.from(
      { length: 12 },
      (__, row) =>
        `${index * 12 + row},"${NAMES[random(NAMES.length)]}, ${WORDS[random(WORDS.length)]}",${random(500)},${TIERS[random(TIERS.length)]}`,
    );
    const context = { region: 'eu-central-1', trace: { id: `t-${random(10 ** 9)}`, sampled: random(2) === 0 }, retries: random(4) };
    const envelope = { id: `batch-${index}`, csv: `id,name,amount,tier\n${rows.join('\n')}\n`, context: JSON.stringify(context) };
    return messageOf(padTo(1024, envelope));
  });
}

/** A small event of 200 B, and one of 1 KiB that is all keys and short values: the most work a parser has with so many bytes. */
export function events(byteSize: number, count: number): Message[] {
  const random = randomOf(13);
  return Array.from({ length: count }, (_, index) => {
    const event: Record<string, unknown> = { user: { id: `u${random(100_000)}`, age: random(90) }, seq: index, ok: random(2) === 0 };
    for (let field = 0; JSON.stringify(event).length < byteSize - 20; field++)
      event[`f${field}`] = field % 3 === 0 ? `v${random(100)}` : random(1000);
    return messageOf(padTo(byteSize, event), { k: `shard-${index % 4}` });
  });
}

/** The document with a field of blanks, so that all have the same size. */
function padTo(byteSize: number, document: Record<string, unknown>): Buffer {
  const missing = byteSize - Buffer.byteLength(JSON.stringify({ ...document, pad: '' }));
  return Buffer.from(JSON.stringify(missing < 0 ? document : { ...document, pad: 'x'.repeat(missing) }));
}

const messageOf = (content: Buffer, metadata: Message['metadata'] = {}): Message => ({ content, metadata });
