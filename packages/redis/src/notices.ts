import type { RedisSession } from './redis-session.ts';

/**
 * Listens on a channel over the session's own connection, and again after each reconnect. Returns the function that stops it.
 * Needs RESP3, in which a subscribed connection still takes commands; where the server speaks only RESP2, no notice ever comes
 * and the listener depends on its own timers.
 */
export async function subscribeToNotices(session: RedisSession, channel: string, listener: (message: string) => void): Promise<() => void> {
  const { client } = session;
  const onMessage = (from: string, message: string) => {
    if (from === channel) listener(message);
  };
  const subscribe = async () => {
    if (await speaksResp3(session)) await session.run(session.epoch, () => client.subscribe(channel));
  };
  // A connection lost before this is done subscribes again once it is ready. Notices may be lost until then.
  const stopOnReady = session.onReady(() => void subscribe().catch(() => undefined));
  client.on('message', onMessage);
  await subscribe().catch(() => undefined);
  return () => {
    stopOnReady();
    // The subscription itself ends with the connection; the channel may have another listener.
    client.off('message', onMessage);
  };
}

async function speaksResp3(session: RedisSession): Promise<boolean> {
  const facts = (await session.run(session.epoch, (client) => client.call('HELLO'))) as unknown[];
  return facts[facts.indexOf('proto') + 1] === 3;
}
