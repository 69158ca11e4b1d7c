import { readAudit } from '@sluice/operator';
import { countDeadLetters, listDeadLetters, readLaneCounts } from '@sluice/queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FedBoard, startFedBoard, TARGET } from '../testing/fed-board.ts';

const LETTERS = `/queues/api/queues/${encodeURIComponent(`${TARGET}: dead letters`)}`;
const LANE = `/queues/api/queues/${encodeURIComponent(`${TARGET}: lane 01`)}`;
let board: FedBoard;

beforeAll(async () => {
  board = await startFedBoard();
});
afterAll(() => board[Symbol.asyncDispose]());

describe('Bull Board', () => {
  it('shows the lanes and the dead letters of a target as one group, with the statuses that they can have', async () => {
    await board.enqueue(['DTW', 'JFK']);
    const { queues } = (await (await board.ask('/queues/api/queues')).json()) as { queues: Array<Record<string, unknown>> };
    expect(queues.map(({ name, delimiter, readOnlyMode, statuses }) => [name, delimiter, readOnlyMode, statuses])).toEqual([
      [`${TARGET}: lane 00`, ': ', true, ['latest', 'active', 'waiting']],
      [`${TARGET}: lane 01`, ': ', true, ['latest', 'active', 'waiting']],
      [`${TARGET}: dead letters`, ': ', false, ['latest', 'failed']],
    ]);
  });

  it('shows what a job holds', async () => {
    const answer = await board.ask(`/queues/api/queues?activeQueue=${encodeURIComponent(`${TARGET}: lane 01`)}&status=waiting`);
    expect(await answer.text()).toContain('"shard":"shardId-000000000000"');
  });

  it('retries a dead letter by our own action, with its record', async () => {
    await board.reject(['ATL']);
    const before = await recordsWaiting();
    const [letter] = await listDeadLetters(board.session, { target: TARGET });
    expect((await board.ask(`${LETTERS}/${letter!.id}/retry`, { method: 'PUT' })).status).toBe(204);

    expect([await countDeadLetters(board.session, { target: TARGET }), await recordsWaiting()]).toEqual([0, before + 1]);
    expect(await newestAudit()).toMatchObject({
      ...{ by: 'anyone (board)', action: 'dead_letters.redrive', subject: TARGET },
      facts: { ids: [letter!.id], count: 1 },
    });
  });

  it('removes a dead letter by our own action, with its record', async () => {
    await board.reject(['ATL']);
    const [letter] = await listDeadLetters(board.session, { target: TARGET });
    expect((await board.ask(`${LETTERS}/${letter!.id}/clean`, { method: 'PUT' })).status).toBe(204);

    expect(await countDeadLetters(board.session, { target: TARGET })).toBe(0);
    expect(await board.session.client.hlen(`sluice:{${TARGET}/dead-letters}:payloads`)).toBe(0);
    expect(await newestAudit()).toMatchObject({ action: 'dead_letters.remove', facts: { ids: [letter!.id] } });
  });

  it('retries and removes all of them', async () => {
    await board.reject(['ATL', 'DTW', 'JFK']);
    const retried = await board.ask(`${LETTERS}/retry/failed`, { method: 'PUT' });
    expect(await retried.json()).toEqual({ retried: 3, skipped: 0 });
    await board.reject(['ATL', 'DTW']);
    expect((await board.ask(`${LETTERS}/clean/failed`, { method: 'PUT' })).status).toBe(200);
    await board.reject(['ATL']);
    expect((await board.ask(`${LETTERS}/empty`, { method: 'PUT' })).status).toBe(200);
    expect(await countDeadLetters(board.session, { target: TARGET })).toBe(0);
  });

  it('says that a dead letter is gone', async () => {
    const answer = await board.ask(`${LETTERS}/none/retry`, { method: 'PUT' });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { code: 'OPERATOR_INPUT_INVALID', error: `there is no dead letter none of ${TARGET}` },
    ]);
  });

  it.each([
    [LANE, 'empty'],
    [LANE, 'obliterate'],
    [LANE, 'retry/failed'],
    [LANE, 'clean/waiting'],
    [LANE, 'promote'],
    [LANE, '1/clean'],
    [LETTERS, 'pause'],
    [LETTERS, 'obliterate'],
    [LETTERS, 'retry/completed'],
    [LETTERS, 'clean/active'],
    ['/queues/api/queues', 'pause'],
    ['/queues/api/queues', 'resume'],
  ])('refuses %s/%s', async (queue, action) => {
    const answer = await board.ask(`${queue}/${action}`, { method: 'PUT' });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([405, 'QUEUE_READ_ONLY']);
  });

  it('refuses to add a job, and to change one', async () => {
    const body = JSON.stringify({ name: 'x', data: {}, options: {}, jobData: {} });
    const answers = [
      await board.ask(`${LETTERS}/add`, { method: 'POST', body }),
      await board.ask(`${LETTERS}/1/update-data`, { method: 'PATCH', body }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([405, 405]);
  });
});

it('shows dead letters as read-only on a board that is read-only', async () => {
  await using quiet = await startFedBoard({ readOnly: true });
  await quiet.reject(['ATL']);
  const { queues } = (await (await quiet.ask('/queues/api/queues')).json()) as { queues: Array<Record<string, unknown>> };
  expect(queues.map(({ readOnlyMode }) => readOnlyMode)).toEqual([true, true, true]);
  expect((await quiet.ask(`${LETTERS}/retry/failed`, { method: 'PUT' })).status).toBe(403);
});

it('shows as many lanes as there are, also after their number was changed', async () => {
  await using changing = await startFedBoard();
  const names = async () => {
    const { queues } = (await (await changing.ask('/queues/api/queues')).json()) as { queues: Array<{ displayName: string }> };
    return queues.map(({ displayName }) => displayName);
  };
  const resize = async (lanes: number) => {
    const body = JSON.stringify({ input: { target: TARGET, lanes }, dryRun: false });
    expect(await (await changing.ask('/api/actions/lanes.resize', { method: 'POST', body })).json()).toMatchObject({ isDone: true });
  };
  await resize(1);
  await expect.poll(async () => (await names()).toSorted()).toEqual(['dead letters', 'lane 00']);
  await resize(3);
  await expect.poll(async () => (await names()).toSorted()).toEqual(['dead letters', 'lane 00', 'lane 01', 'lane 02']);
});

const newestAudit = async () => (await readAudit({ session: board.session, keyPrefix: 'sluice' }, 1))[0];

async function recordsWaiting(): Promise<number> {
  const lanes = await readLaneCounts(board.session, { target: TARGET });
  return lanes.reduce((sum, { records }) => sum + records, 0);
}
