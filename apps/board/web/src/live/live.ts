/** The installation as the board last described it, asked for again each second while the page is looked at. */
import { computed, effect, signal } from '@preact/signals';
import { ApiError, get, readSession } from '../api/client.ts';
import type { History, Overview, Session } from '../api/types.ts';
import { wholeBuckets } from '../model/chart-data.ts';
import { headlineOf } from '../model/headline.ts';
import { troublesOf } from '../model/troubles.ts';

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** Nobody answers, or Redis is away: the last picture stays, with its age. */
  | { readonly state: 'away'; readonly reason: string; readonly sinceMs: number }
  /** Only a new login helps. */
  | { readonly state: 'signedOut'; readonly reason: string };

export const overview = signal<Overview | undefined>(undefined);
export const history = signal<History | undefined>(undefined);
export const session = signal<Session | undefined>(undefined);
export const connection = signal<Connection>({ state: 'connecting' });
/** By this machine's clock, when the last overview came. */
const receivedAtMs = signal(0);
/** By this machine's clock; moves each second. */
const tickMs = signal(Date.now());

/** The clock of Redis, as far as it is known here: ages are shown by it. */
export const nowMs = computed(() => (overview.value ? overview.value.atMs + Math.max(0, tickMs.value - receivedAtMs.value) : tickMs.value));
/** How old the picture is, milliseconds. */
export const pictureAgeMs = computed(() => Math.max(0, tickMs.value - receivedAtMs.value));
export const troubles = computed(() => (overview.value ? troublesOf(overview.value) : []));
export const headline = computed(() => overview.value && headlineOf(overview.value, troubles.value));
export const isReadOnly = computed(() => session.value?.readOnly !== false);

const EVERY_MS = 1_000;
/** A small answer costs nothing; one of a thousand shards is asked for half as often. */
const LARGE_SHARDS = 500;
const HISTORY_EVERY_MS = 10_000;
const LONGEST_WAIT_MS = 5_000;

export function startLive(): void {
  setInterval(() => {
    tickMs.value = Date.now();
  }, EVERY_MS);
  void followOverview();
  void followHistory();
}

async function followOverview(): Promise<void> {
  for (let failures = 0; ; ) {
    await untilSeen();
    try {
      if (session.value === undefined) session.value = await readSession();
      const next = await get<Overview>('api/overview');
      tickMs.value = Date.now();
      receivedAtMs.value = Date.now();
      overview.value = next;
      connection.value = { state: 'live' };
      failures = 0;
      await pause(next.streams.reduce((sum, { shards }) => sum + shards.length, 0) > LARGE_SHARDS ? 2 * EVERY_MS : EVERY_MS);
    } catch (error) {
      failures += 1;
      connection.value = toConnection(error as Error);
      await pause(Math.min(LONGEST_WAIT_MS, failures * EVERY_MS));
    }
  }
}

function toConnection(error: Error): Connection {
  if (error instanceof ApiError && error.status === 401) return { state: 'signedOut', reason: error.message };
  const before = connection.value;
  return { state: 'away', reason: error.message, sinceMs: before.state === 'away' ? before.sinceMs : Date.now() };
}

async function followHistory(): Promise<void> {
  for (;;) {
    await untilSeen();
    // A failure shows in the overview; the charts keep what they have.
    const next = await get<History>('api/history?minutes=60').catch(() => undefined);
    if (next) history.value = wholeBuckets(next, nowMs.value);
    await pause(next ? HISTORY_EVERY_MS : EVERY_MS);
  }
}

/** A page that nobody looks at asks for nothing. */
export async function untilSeen(): Promise<void> {
  if (!document.hidden) return;
  await new Promise<void>((resolve) => {
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
  });
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Calls back with the headline when how things stand has changed, not with each new figure. */
export const onStanding = (tell: (text: string) => void): (() => void) => {
  let last = '';
  return effect(() => {
    const { state } = connection.value;
    const current = state === 'live' ? (headline.value?.level ?? '') : state;
    if (current === last || current === '' || current === 'connecting') return;
    last = current;
    tell(state === 'live' ? headline.value!.title : 'The board or its Redis does not answer. The picture is the last one.');
  });
};
