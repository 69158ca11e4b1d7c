import { freePort, until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { Pipeline, SOURCE } from './src/pipeline.ts';

const INGRESS = 'com.example/departures';
const RECORDS = 100;
const LOGIN = { authorization: `Basic ${btoa('ada:hunter2')}` };

it('operates workers from the board, under the name of its user', async () => {
  await using pipeline = await Pipeline.start({ shards: 1 });
  const board = await startBoard(pipeline);
  expect((await fetch(`${board.url}/api/overview`)).status).toBe(401);
  await pipeline.startWorkers({ ingress: 1, egress: 1 });
  await pipeline.client.putRecords({
    stream: SOURCE,
    records: Array.from({ length: RECORDS }, (_, n) => ({ partitionKey: `key-${n}`, data: Buffer.from('{}') })),
  });
  await until('the records', () => pipeline.hasWritten(RECORDS));
  await until('the workers to be seen', async () => (await board.get('/api/overview')).workers.length === 2);

  const plan = await board.act('pause', { name: INGRESS }, true);
  expect(plan).toMatchObject({ isDone: false, plan: { subject: INGRESS } });
  await board.act('pause', { name: INGRESS, reason: 'maintenance' });
  await until('the shard to be given back', async () => {
    const [stream] = (await board.get('/api/overview')).streams;
    return stream.paused?.reason === 'maintenance' && stream.shards[0].owner === null;
  });
  await board.act('resume', { name: INGRESS });
  await until('the shard to be read', async () => (await board.get('/api/overview')).streams[0].shards[0].owner !== null);

  expect(await board.act('rewind', { ingress: INGRESS, to: 'earliest' })).toMatchObject({ isDone: true });
  await until('everything again', () => pipeline.hasWritten(2 * RECORDS));

  const { entries } = await board.get('/api/audit');
  expect(entries.map(({ by, action }: Record<string, string>) => `${by} ${action}`)).toEqual([
    'ada (board) rewind',
    'ada (board) resume',
    'ada (board) pause',
  ]);
  // What `systemctl reload` sends to every program.
  board.hangUp();
  await until('the board to serve anew', async () => board.timesListening() === 2 && (await board.get('/api/session')).user === 'ada');
  expect(await board.stop()).toBe(0);
});

async function startBoard(pipeline: Pipeline) {
  const port = await freePort();
  const board = pipeline.worker('board', 'board', {
    ...{ SLUICE_HOST: '0.0.0.0', SLUICE_PORTS_BOARD: String(port) },
    ...{ SLUICE_BOARD_LOGIN_USERNAME: 'ada', SLUICE_BOARD_LOGIN_PASSWORD: 'hunter2' },
  });
  board.start();
  const timesListening = () => board.log().filter(({ msg }) => msg === 'board listening').length;
  const url = `http://127.0.0.1:${port}`;
  await until('the board to be ready', async () => timesListening() > 0 && (await fetch(`${url}/ready`)).ok);
  // biome-ignore lint/suspicious/noExplicitAny: whatever the board answers
  const get = async (path: string): Promise<any> => (await fetch(url + path, { headers: LOGIN })).json();
  const { csrfToken } = await get('/api/session');
  return {
    ...{ url, get },
    async act(name: string, input: unknown, dryRun = false): Promise<unknown> {
      const answer = await fetch(`${url}/api/actions/${name}`, {
        method: 'POST',
        headers: { ...LOGIN, 'x-csrf-token': csrfToken, 'content-type': 'application/json' },
        body: JSON.stringify({ input, dryRun }),
      });
      return answer.json();
    },
    hangUp: () => board.signal('SIGHUP'),
    timesListening,
    stop: async () => (await board.terminate()).code,
  };
}
