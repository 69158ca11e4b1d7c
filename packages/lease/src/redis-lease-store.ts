import { noticeChannel, pauseKey, type RedisSession, subscribeToNotices } from '@sluice/redis';
import type { FencingToken } from './fencing-token.ts';
import {
  type ClaimAnswer,
  type ClaimRequest,
  type LeaseStore,
  type MeasuredLease,
  MOVE_MS,
  type PulseAnswer,
  type PulsedLease,
  type PulseRequest,
  RESERVATION_MS,
  type ReleaseRequest,
  type RowState,
  type SurveyedRow,
} from './lease-store.ts';
import { loadScript } from './scripts/load-script.ts';

const claimScript = loadScript('claim');
const pulseScript = loadScript('pulse');
const surveyScript = loadScript('survey');
const reportLoadsScript = loadScript('report-loads');
const releaseScript = loadScript('release');
const leaveScript = loadScript('leave');

/** Leases in Redis: each method is one script, so one round trip and all or nothing. */
export function createRedisLeaseStore(session: RedisSession): LeaseStore {
  return {
    get epoch() {
      return session.epoch;
    },
    get isReady() {
      return session.isReady;
    },
    onLost: (listener) => session.onLost(listener),
    onReady: (listener) => session.onReady(listener),

    async claim({ epoch, key, worker, ttlMs, group, after = [], mustExist = false }: ClaimRequest): Promise<ClaimAnswer> {
      const owner = `${worker}#${session.id}.${epoch}`;
      const args = [worker, owner, ttlMs, mustExist ? '1' : '0', RESERVATION_MS, after.length];
      const keys = [key, ...after, ...(group === undefined ? [] : [pauseKey(group)])];
      return toClaimAnswer(owner, (await session.run(epoch, (client) => claimScript(client, keys, args))) as ClaimReply);
    },

    async pulse({ epoch, group, worker, ttlMs, isMember, held }: PulseRequest): Promise<PulseAnswer> {
      const keys = [group, pauseKey(group), ...held.map(({ key }) => key)];
      const args = [worker, ttlMs, isMember ? '1' : '0', ...held.flatMap(({ token }) => tokenArguments(token))];
      const reply = (await session.run(epoch, (client) => pulseScript(client, keys, args))) as PulseReply;
      const [members, leases, setBackMs, paused, othersLastMs] = reply;
      return {
        ...{ members: members.toSorted(), leases },
        ...(othersLastMs >= 0 && { othersLastMs }),
        ...(paused ? { isPaused: true as const } : {}),
        ...clockSetBack(setBackMs),
      };
    },

    async survey(epoch: number, keys: readonly string[]): Promise<readonly SurveyedRow[]> {
      if (keys.length === 0) return [];
      const rows = (await session.run(epoch, (client) => surveyScript(client, keys, [RESERVATION_MS, MOVE_MS]))) as SurveyReply;
      return rows.map(([state, worker, remainingMs, setBackMs, movedTo, load], index) => ({
        key: keys[index]!,
        state,
        worker,
        remainingMs,
        ...(movedTo !== '' && { movedTo }),
        ...(load !== '' && { load: Number(load) }),
        ...clockSetBack(setBackMs),
      }));
    },

    async reportLoads(epoch: number, loads: readonly MeasuredLease[]): Promise<void> {
      if (loads.length === 0) return;
      const args = loads.flatMap(({ token, load }) => [...tokenArguments(token), load]);
      await session.run(epoch, (client) =>
        reportLoadsScript(
          client,
          loads.map(({ key }) => key),
          args,
        ),
      );
    },

    async release({ epoch, group, key, token, successor = '' }: ReleaseRequest): Promise<void> {
      const args = [...tokenArguments(token), successor, RESERVATION_MS, noticeChannel(group)];
      await session.run(epoch, (client) => releaseScript(client, [key], args));
    },

    async leave(epoch: number, group: string, worker: string): Promise<void> {
      await session.run(epoch, (client) => leaveScript(client, [group], [worker, noticeChannel(group)]));
    },

    onNotice: (group, worker, listener) =>
      subscribeToNotices(session, noticeChannel(group), (message) => {
        // What was released for another worker is free for that one only.
        if (!message.startsWith(RELEASED_FOR) || message === RELEASED_FOR + worker) listener();
      }),
  };
}

/** How a token is handed to a script: number, then owner. */
export const tokenArguments = ({ number, owner }: FencingToken): [number, string] => [number, owner];

const clockSetBack = (ms: number) => (ms > 0 ? { clockSetBackMs: ms } : undefined);

/** What a release says to the group, before the name of the successor. */
const RELEASED_FOR = 'released for ';

type PulseReply = [members: string[], leases: PulsedLease[], setBackMs: number, paused: 0 | 1, othersLastMs: number];

type SurveyReply = [state: RowState, worker: string, remainingMs: number, setBackMs: number, movedTo: string, load: string][];

type ClaimReply =
  | ['claimed', number, string[]]
  | ['held' | 'reserved', string, number]
  | ['waiting', string]
  | ['ended' | 'absent' | 'paused'];

function toClaimAnswer(owner: string, reply: ClaimReply): ClaimAnswer {
  switch (reply[0]) {
    case 'claimed':
      return { outcome: 'claimed', token: { number: reply[1], owner }, facts: toFacts(reply[2]) };
    case 'held':
    case 'reserved':
      return { outcome: reply[0], worker: reply[1], remainingMs: reply[2] };
    case 'waiting':
      return { outcome: 'waiting', waitsFor: reply[1] };
    case 'ended':
    case 'absent':
    case 'paused':
      return { outcome: reply[0] };
  }
}

function toFacts(flat: readonly string[]): Record<string, string> {
  const facts: Record<string, string> = {};
  for (let i = 0; i < flat.length; i += 2) facts[flat[i]!] = flat[i + 1]!;
  return facts;
}
