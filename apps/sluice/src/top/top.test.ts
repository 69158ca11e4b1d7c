import type { Mailbox } from '@sluice/operator';
import type { DeadLetterSummary } from '@sluice/queue';
import { describe, expect, it } from 'vitest';
import { sampleOverview } from '../operator/testing/sample-overview.ts';
import type { Key, Size } from '../terminal/screen.ts';
import { widthOf } from '../terminal/shorten.ts';
import { renderTop } from './top-screen.ts';
import { pressTopKey, type TopState, topState } from './top-state.ts';
import type { Picture } from './view.ts';
import { VIEWS } from './views.ts';

describe('the keys of sluice top', () => {
  it('go through the views, and to one by its number', () => {
    const views = (...keys: Key[]) => after(...keys).view;
    expect(views({ name: 'tab' }, { name: 'right' }, { name: 'left' })).toBe(1);
    expect(views({ name: 'tab', shift: true })).toBe(VIEWS.length - 1);
    expect(views({ name: '4', sequence: '4' })).toBe(3);
    expect(views({ name: '9', sequence: '9' })).toBe(0);
  });

  it('sort each view by itself', () => {
    const state = after({ name: 's' }, { name: 's' }, { name: 'tab' }, { name: 's', shift: true }, { name: 'r' });
    expect(state).toMatchObject({ sorts: [2, 4, 0, 0, 0, 0], isReversed: true });
  });

  it('scroll, not beyond the beginning, and from the beginning in another view', () => {
    expect(after({ name: 'pagedown' }, { name: 'down' }, { name: 'up' }, { name: 'up' }).scroll).toBe(9);
    expect(after({ name: 'pageup' }).scroll).toBe(0);
    expect(after({ name: 'pagedown' }, { name: 'tab' }).scroll).toBe(0);
  });

  it.each([{ name: 'q' }, { name: 'escape' }, { name: 'c', ctrl: true }])('leave with $name', (key) => {
    expect(after(key).isOver).toBe(true);
  });

  it('close the help, whichever is pressed', () => {
    expect(after({ sequence: '?' }).isHelp).toBe(true);
    expect(after({ sequence: '?' }, { name: 'q' })).toMatchObject({ isHelp: false, isOver: false });
  });
});

describe('the screen of sluice top', () => {
  it.each(VIEWS.map(({ title }, index) => [title, index] as const))('shows %s in 80 columns and 24 rows', (_, view) => {
    expect(textOf({ ...topState(), view }, { columns: 80, rows: 24 })).toMatchSnapshot();
  });

  it.each([
    { columns: 40, rows: 10 },
    { columns: 80, rows: 24 },
    { columns: 100, rows: 30 },
    { columns: 200, rows: 50 },
  ])('fills $columns × $rows, and not more', (size) => {
    for (const view of VIEWS.keys()) {
      for (const isAll of [false, true]) {
        const lines = textOf({ ...topState(), view, isAll }, size);
        expect(lines).toHaveLength(size.rows);
        expect(lines.filter((line) => widthOf(line) > size.columns)).toEqual([]);
      }
    }
  });

  it('shows a window of many rows, ordered, and where it is', () => {
    const size = { columns: 100, rows: 24 };
    const overview = sampleOverview();
    const lanes = Array.from({ length: 256 }, (_, lane) => ({ ...overview.targets[0]!.lanes[0]!, lane, oldestMs: lane * 1_000 }));
    const many = { ...PICTURE, overview: { ...overview, targets: [{ ...overview.targets[0]!, lanes }] } };
    const numbers = (state: Partial<TopState>) =>
      textOf({ ...topState(), view: 1, ...state }, size, many)
        .slice(6, -1)
        .map((line) => Number(/注文 +(\d+)/.exec(line)?.[1]));
    expect(numbers({})).toEqual(Array.from({ length: 17 }, (_, index) => 255 - index));
    expect(numbers({ isReversed: true, scroll: 1_000 }).at(-1)).toBe(255);
    expect(numbers({ sorts: [0, 3, 0, 0, 0, 0], scroll: 100 })[0]).toBe(100);
    const end = { ...topState(), view: 1, scroll: 1_000 };
    expect(textOf(end, size, many).at(-1)).toContain('240-256 of 256');
    expect(renderTop(end, many, undefined, size).scroll).toBe(239);
  });

  it('keeps the last picture while Redis is away, and says since when', () => {
    const outage = { message: 'no connection to redis', forMs: 12_000 };
    expect(renderTop(topState(), PICTURE, outage, { columns: 80, rows: 24 }).screen.lines.at(-2)).toEqual({
      ...{ text: 'no answer from Redis for 12 s: no connection to redis', style: 'bad' },
    });
    expect(renderTop(topState(), undefined, outage, { columns: 80, rows: 24 }).screen.lines).toHaveLength(1);
  });

  it('explains its keys', () => {
    expect(textOf(after({ sequence: '?' }), { columns: 80, rows: 24 }).join('\n')).toContain('q, Esc, Ctrl-C  leave');
  });
});

const after = (...keys: readonly Key[]): TopState => keys.reduce(pressTopKey, topState());

const textOf = (state: TopState, size: Size, picture: Picture = PICTURE): string[] =>
  renderTop(state, picture, undefined, size).screen.lines.map(({ text }) => text);

const overview = sampleOverview();
const PICTURE: Picture = {
  overview,
  mailboxes: [
    {
      ...{ type: 'shop/cart', id: '顧客番号一二三四五六', lane: 0, records: 12, bytes: 99 },
      parking: {
        since: overview.atMs - 7_200_000,
        attempts: 12,
        retryAt: overview.atMs + 30_000,
        reason: { code: 'FUNCTION_CALL_FAILED' },
      },
    } as unknown as Mailbox,
  ],
  letters: [
    {
      ...{ id: 'YmV0dGVyLW5vdC1zaG9ydGVu', target: 'output/注文', lane: 3, partitionKey: 'customer-0123456789-0123456789', bytes: 1_234 },
      rejectedAtMs: overview.atMs - 7_200_000,
      reason: { code: 'RECORD_TOO_LARGE', disposition: 'reject', message: 'the record has 11534336 bytes', details: {} },
    } as DeadLetterSummary,
  ],
};
