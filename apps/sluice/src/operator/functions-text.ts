import { plural, type SluiceRecord } from '@sluice/core';
import { decodeInvocation, formatAddress } from '@sluice/function-protocol';
import type { WaitingMessages } from '@sluice/functions';
import type { Mailbox } from '@sluice/operator';
import { bytesText, countText, durationText } from '../terminal/quantities.ts';
import { shorten } from '../terminal/shorten.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import { payloadText } from './dead-letter-text.ts';

type MailboxWithMessages = Mailbox & WaitingMessages;

const timeText = (ms: number): string =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');

const untilText = (ms: number, nowMs: number): string => (ms <= nowMs ? 'now' : `in ${durationText(ms - nowMs)}`);

export const mailboxColumns = (nowMs: number): readonly Column<Mailbox>[] => [
  { title: 'function', value: ({ type }) => type, least: 10 },
  { title: 'id', value: ({ id }) => shorten(id, 24), least: 8 },
  { title: 'messages', value: ({ records }) => countText(records), align: 'right' },
  { title: 'parked for', value: ({ parking }) => (parking ? durationText(Math.max(0, nowMs - parking.since)) : '-'), align: 'right' },
  { title: 'failed', value: ({ parking }) => (parking ? `${countText(parking.attempts)} ×` : '-'), align: 'right' },
  { title: 'next try', value: ({ parking }) => (parking ? untilText(parking.retryAt, nowMs) : '-') },
  { title: 'reason', value: ({ parking }) => parking?.reason.code ?? 'a backlog, not parked', least: 12 },
];

/** With the code of why each is parked; `show` has the whole reason. */
export function renderMailboxes(all: readonly Mailbox[], shown: readonly Mailbox[], nowMs: number, width: number): string {
  if (all.length === 0) return 'no address is parked\n';
  const parked = all.filter(({ parking }) => parking).length;
  const messages = all.reduce((sum, { records }) => sum + records, 0);
  const backlogs = all.length - parked;
  const head = [
    `${plural(parked, 'address', 'addresses')} parked`,
    ...(backlogs > 0 ? [`${countText(backlogs)} with a long backlog`] : []),
    `${plural(messages, 'message')} waiting for them`,
  ].join(', ');
  const rest = all.length - shown.length;
  const lines = [
    head,
    ...(shown.length > 0 ? tableLines(mailboxColumns(nowMs), shown, width) : []),
    ...(rest > 0 ? [`and ${plural(rest, 'more address', 'more addresses')}`] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Everything about an address that waits, a fact a line; then its first messages. */
export function renderMailbox(mailbox: MailboxWithMessages, withPayload: boolean, nowMs: number): string {
  const { type, id, lane, records, bytes, parking, messages } = mailbox;
  const facts: readonly (readonly [string, string])[] = [
    ['function', type],
    ['id', id],
    ['lane', String(lane)],
    ['messages', `${countText(records)} (${bytesText(bytes)})`],
    ...(parking
      ? ([
          ['parked since', timeText(parking.since)],
          ['failed', `${countText(parking.attempts)} ×`],
          ['next try', untilText(parking.retryAt, nowMs)],
          ['reason', `${parking.reason.message} (${parking.reason.code})`],
          ...Object.entries(parking.reason.details).map(
            ([name, value]) => [`  ${name}`, typeof value === 'string' ? value : JSON.stringify(value)] as const,
          ),
        ] as const)
      : ([['parked', 'no: more waits for it than its lane keeps']] as const)),
    ...messages.map((record, index) => [`message ${index + 1}`, messageText(record)] as const),
  ];
  const lines = facts.map(([name, value]) => `${name.padEnd(20)}${value.replace(/\p{Cc}+/gu, ' ')}\n`).join('');
  return withPayload ? `${lines}${messages.map((record, index) => `\n${index + 1}: ${payloadOf(record)}\n`).join('')}` : lines;
}

/** The argument's type and size, and who sent it. */
function messageText(record: SluiceRecord): string {
  const message = invocationOf(record);
  if (!message) return `${bytesText(record.data.byteLength)} that are no message`;
  const { caller, argument } = message;
  const from = caller ? formatAddress(caller) : record.origin ? `${record.origin.stream} ${record.origin.shardId}` : 'outside';
  return `${argument.typename || 'no type'}, ${bytesText(argument.value.byteLength)}, from ${from}`;
}

const payloadOf = (record: SluiceRecord): string => payloadText(invocationOf(record)?.argument.value ?? record.data);

/** Arguments only where they are asked for. */
export function mailboxAsJson({ messages, ...mailbox }: MailboxWithMessages, withPayload: boolean): object {
  return {
    ...mailbox,
    messages: messages.map((record) => {
      const message = invocationOf(record);
      return {
        ...(message?.caller && { caller: message.caller }),
        ...(record.origin && { origin: record.origin }),
        ...(message && { typename: message.argument.typename, bytes: message.argument.value.byteLength }),
        ...(withPayload && { value_base64: Buffer.from(message?.argument.value ?? record.data).toString('base64') }),
      };
    }),
  };
}

function invocationOf({ data }: SluiceRecord) {
  try {
    return decodeInvocation(data);
  } catch {
    return undefined;
  }
}
