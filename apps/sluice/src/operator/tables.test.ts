import type { Mailbox } from '@sluice/operator';
import type { DeadLetterSummary } from '@sluice/queue';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../terminal/shorten.ts';
import { type DeadLetterList, renderDeadLetters } from './dead-letter-text.ts';
import { renderMailboxes } from './functions-text.ts';
import { renderTargets } from './lanes-text.ts';
import { renderStreams } from './shards-text.ts';
import { NOW, sampleOverview } from './testing/sample-overview.ts';
import { renderWorkers } from './workers-text.ts';

const overview = sampleOverview();

/** Every list, as wide as that. */
const LISTS: Readonly<Record<string, (width: number, isAll?: boolean) => string>> = {
  lanes: (width, isAll = false) => renderTargets(overview.targets, { width, isAll }),
  shards: (width, isAll = false) => renderStreams(overview.streams, { width, isAll }),
  workers: (width) => renderWorkers(overview, width),
  'dead letters': (width) => renderDeadLetters(LETTERS, NOW, width),
  functions: (width) => renderMailboxes(MAILBOXES, MAILBOXES.slice(0, 2), NOW, width),
};

describe.each(Object.entries(LISTS))('the list of %s', (_, render) => {
  it('says what is what in a hundred columns', () => {
    expect(render(100)).toMatchSnapshot();
  });

  it.each([80, 100, 120, 200])('fits %i columns, whatever things are called', (width) => {
    for (const isAll of [false, true]) {
      const tooWide = render(width, isAll)
        .split('\n')
        .filter((line) => widthOf(line) > width);
      expect(tooWide).toEqual([]);
    }
  });
});

it('shows the time to which a shard was rewound, wherever it began', () => {
  const [shards] = overview.streams;
  const [shard] = shards!.shards;
  const rewound = { ...shard!, startedAt: 'TRIM_HORIZON', checkpoint: 'AT_TIMESTAMP:1796000000000' };
  expect(renderStreams([{ ...shards!, shards: [rewound] }], { width: 200, isAll: true })).toContain('2026-11-30T00:53:20.000Z');
});

it('lists every lane and every shard where all are wanted', () => {
  expect(
    LISTS['lanes']!(100, true)
      .split('\n')
      .filter((line) => line.endsWith('idle')),
  ).toHaveLength(17);
  expect(LISTS['shards']!(100, true)).toContain('ended');
});

it('folds shards that are up to date where there are many', () => {
  const stream = overview.streams[0]!;
  const one = stream.shards[5]!;
  const shards = Array.from({ length: 1_000 }, (_, index) => ({ ...one, owner: `worker-${index % 10}`, lagSeconds: index === 7 ? 12 : 0 }));
  const text = renderStreams([{ ...stream, paused: null, shards }], { width: 100, isAll: false });
  expect(text.split('\n')).toHaveLength(6);
  expect(text).toContain('999 shards being read and up to date, of 10 workers\n');
});

const letter = (facts: Partial<DeadLetterSummary>): DeadLetterSummary =>
  ({
    ...{
      id: 'YmV0dGVyLW5vdC1zaG9ydGVu',
      target: 'output/注文',
      lane: 3,
      partitionKey: 'customer-0123456789-0123456789-0123456789',
      bytes: 1_234_567,
    },
    ...{ rejectedAtMs: NOW - 7_200_000 },
    reason: {
      code: 'RECORD_TOO_LARGE',
      disposition: 'reject',
      message: 'the record has 11534336 bytes, the stream takes 1048576',
      details: {},
    },
    ...facts,
  }) as DeadLetterSummary;

const LETTERS: DeadLetterList = {
  target: 'output/注文-of-a-very-long-name-that-somebody-found-telling-at-the-time-of-writing',
  count: 1_234,
  deadLetters: [
    letter({}),
    letter({ id: 'a', partitionKey: '顧客番号一二三四五六七八九十一二三四五', bytes: 3, rejectedAtMs: NOW - 1_000 }),
  ],
};

const mailbox = (facts: object): Mailbox =>
  ({ ...{ type: 'com.example.shop.of.many.words/cart', id: 'ada', lane: 0, records: 12, bytes: 99 }, ...facts }) as unknown as Mailbox;

const MAILBOXES: readonly Mailbox[] = [
  mailbox({
    id: '顧客番号一二三四五六七八九十一二三四五六七八九十',
    parking: {
      since: NOW - 7_200_000,
      attempts: 1_234,
      retryAt: NOW + 30_000,
      reason: { code: 'FUNCTION_ANSWER_UNREADABLE_BY_ANYBODY', message: 'why', details: {} },
    },
  }),
  mailbox({ records: 123_456 }),
  mailbox({ id: 'bob' }),
];
