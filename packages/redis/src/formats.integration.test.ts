import { silentLogger, systemClock } from '@sluice/core';
import { startRedisServer } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { noteFormats, readFormats, STORED_FORMATS, unreadableBefore } from './formats.ts';
import { connectRedis } from './redis-session.ts';

it('notes what is written, and refuses what a later release wrote', async () => {
  await using redis = await startRedisServer();
  await using session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
  expect(await readFormats(session)).toEqual(new Map());
  await noteFormats(session);
  await noteFormats(session);
  expect(await readFormats(session)).toEqual(new Map(STORED_FORMATS.map(({ name, writes }) => [name, writes])));

  await session.client.hset('sluice:formats', { frame: 2, ledger: 1 });
  await expect(noteFormats(session)).rejects.toMatchObject({
    code: 'FORMAT_TOO_NEW',
    message: expect.stringContaining('found frame 2, ledger 1'),
  });
});

it('knows what the release before would not read', () => {
  expect(unreadableBefore(new Map(STORED_FORMATS.map(({ name, writes }) => [name, writes])))).toEqual([]);
  expect(unreadableBefore(new Map([['frame', 2]]))).toEqual(['frame 2']);
  expect(unreadableBefore(new Map([['report', 9]]))).toEqual([]);
});
