/**
 * What a producer did with the KPL: three clicks of two users, in the order of each user.
 *
 *     SLUICE_REDIS_URL=redis://127.0.0.1:6379 node clicks.mjs
 */
import { openClient } from '@sluice/client';

const { SLUICE_REDIS_URL = 'redis://127.0.0.1:6379', SLUICE_REDIS_PREFIX = 'sluice' } = process.env;
await using client = await openClient({ redis: SLUICE_REDIS_URL, prefix: SLUICE_REDIS_PREFIX, name: 'clicks' });
const clicks = client.egress('com.example/clicks', { lanes: 32 });

await clicks.send([
  { key: 'ada', data: JSON.stringify({ user: 'ada', page: '/' }) },
  { key: 'ada', data: JSON.stringify({ user: 'ada', page: '/orders' }) },
  { key: 'bob', data: JSON.stringify({ user: 'bob', page: '/' }) },
]);
