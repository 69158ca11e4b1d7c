import type { Guard, Operation } from '@sluice/queue';
import type { MemoryEffects } from '@sluice/queue/testing';
import type { LaneStorage } from '../lane/lane-storage.ts';
import type { Message } from '../lane/messages.ts';
import type { MailboxRow } from '../mailbox/mailbox-row.ts';
import { textOf } from './fake-lane.ts';

/** Values and mailboxes in the memory of a fake lane. */
export function createFakeStorage(
  effects: MemoryEffects,
): LaneStorage & { readonly reads: string[][]; rows(): Record<string, MailboxRow> } {
  const ids = new Set<string>();
  const reads: string[][] = [];
  const rowOf = (id: string): MailboxRow | undefined => {
    const text = effects.field('mailboxes', id);
    return text === undefined ? undefined : (JSON.parse(text) as MailboxRow);
  };
  const command = (...of: [name: 'HSET' | 'HDEL' | 'RPUSH' | 'LPOP', key: string, ...rest: (string | number)[]]): Operation => ({
    type: 'command',
    command: of,
  });
  const guardOf = (expected: string | undefined): Guard => ({ key: 'state', field: 'edits', expected });
  const rows = () => [...ids].flatMap((id): [string, MailboxRow][] => (rowOf(id) ? [[id, rowOf(id)!]] : []));
  return {
    reads,
    rows: () => Object.fromEntries(rows()),
    load: async () => ({ rows: new Map(rows()), guard: guardOf(effects.field('state', 'edits')) }),
    isChanged: async ({ expected }) => effects.field('state', 'edits') !== expected,
    readValues: async (wanted) => {
      reads.push([...wanted]);
      return wanted.map((id) => {
        const text = effects.field(`values:${id}`, 'count');
        return {
          edits: effects.field(`values:${id}`, 'edits'),
          expired: [],
          values: new Map(text === undefined ? [] : [['count', { typename: 't/int', value: Buffer.from(text) }]]),
        };
      });
    },
    readMailboxes: async (requests) =>
      requests.map(({ id, records }) =>
        effects
          .list(`mailbox:${id}`)
          .slice(0, records)
          .map((text): Message => ({ data: Buffer.from(text, 'latin1'), origin: undefined })),
      ),
    mutate: (id, mutations, { edits }) => ({
      guards: mutations.length > 0 ? [{ key: `values:${id}`, field: 'edits', expected: edits }] : [],
      operations: mutations.map(({ name, value }) =>
        value ? command('HSET', `values:${id}`, name, Buffer.from(value.value).toString()) : command('HDEL', `values:${id}`, name),
      ),
    }),
    changeMailbox: ({ id, popped, appended, row }) => {
      ids.add(id);
      return [
        ...(popped.records > 0 ? [command('LPOP', `mailbox:${id}`, popped.records)] : []),
        ...(appended.length > 0
          ? [command('RPUSH', `mailbox:${id}`, ...appended.map(({ data }) => Buffer.from(data).toString('latin1')))]
          : []),
        row ? command('HSET', 'mailboxes', id, JSON.stringify(row)) : command('HDEL', 'mailboxes', id),
      ];
    },
    reject: (_, message, reason) => [command('RPUSH', 'dead-letters', `${textOf(message.data)} ${reason.code}`)],
    bytesOf: (_, { data }) => data.byteLength,
  };
}
