import { type Pause, readPause } from '@sluice/lease';
import { type RedisSession, readerGroupKey } from '@sluice/redis';

/** The pause of the ingress of a source: its id is what stands before one of the slashes. */
export async function pauseOfSource(session: RedisSession, keyPrefix: string, source: string): Promise<Pause | undefined> {
  const slashes = [...source.matchAll(/\//g)].map(({ index }) => index);
  const pauses = await Promise.all(slashes.map((end) => readPause(session, readerGroupKey(keyPrefix, source.slice(0, end)))));
  return pauses.find((pause) => pause !== undefined);
}

/** `paused since 2026-01-01T00:00:00.000Z by ada@host: maintenance`. */
export const pauseText = ({ atMs, by, reason }: Pause): string =>
  `paused since ${new Date(atMs).toISOString()} by ${by}${reason ? `: ${reason}` : ''}`;
