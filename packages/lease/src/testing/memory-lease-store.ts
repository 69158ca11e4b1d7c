import { formatFencingToken } from '../fencing-token.ts';
import {
  type ClaimAnswer,
  type ClaimRequest,
  type LeaseStore,
  type PulsedLease,
  RESERVATION_MS,
  type SurveyedRow,
} from '../lease-store.ts';
import { isHolder, listen, type MemoryLink, type MemoryState, notify, type Row } from './memory-state.ts';

/** What `claim.lua` and its neighbours do, in memory. */
export function createMemoryLeaseStore(state: MemoryState, link: MemoryLink): LeaseStore {
  const { clock, rows, members } = state;
  return {
    get epoch() {
      return link.epoch;
    },
    get isReady() {
      return link.isReady;
    },
    onLost: (listener) => listen(link.lost, listener),
    onReady: (listener) => listen(link.ready, listener),
    claim: (request) => link.run(request.epoch, () => claim(state, link, request)),
    pulse: ({ epoch, group, worker, ttlMs, isMember, held }) =>
      link.run(epoch, () => {
        const now = clock.now();
        const present = new Map([...(members.get(group) ?? [])].filter(([, until]) => until > now));
        members.set(group, present);
        if (isMember) present.set(worker, now + ttlMs);
        else present.delete(worker);
        const leases = held.map(({ key, token }): PulsedLease => {
          const row = rows.get(key);
          if (!isHolder(row, token)) return row?.get('ended') === formatFencingToken(token) ? 'ended' : 'lost';
          row!.set('until', String(now + ttlMs));
          return 'renewed';
        });
        const others = [...present].filter(([member]) => member !== worker).map(([, until]) => until - now);
        const lasting = others.length > 0 && { othersLastMs: Math.min(...others) };
        return { members: [...present.keys()].sort(), leases, ...lasting, ...(state.paused.has(group) ? { isPaused: true as const } : {}) };
      }),
    survey: (epoch, keys) => link.run(epoch, () => keys.map((key) => withLoad(survey(key, rows.get(key), clock.now()), rows.get(key)))),
    reportLoads: (epoch, loads) =>
      link.run(epoch, () => {
        for (const { key, token, load } of loads) if (isHolder(rows.get(key), token)) rows.get(key)!.set('load', String(load));
      }),
    release: ({ epoch, group, key, token, successor }) =>
      link.run(epoch, () => {
        const row = rows.get(key);
        if (!isHolder(row, token)) return;
        row!.set('owner', '').set('worker', '').set('until', '0');
        if (successor !== undefined) row!.set('heir', successor).set('heirUntil', String(clock.now() + RESERVATION_MS));
        notify(state, group, successor);
      }),
    leave: (epoch, group, worker) =>
      link.run(epoch, () => {
        if (members.get(group)?.delete(worker)) notify(state, group);
      }),
    async onNotice(group, worker, listener) {
      const listeners = state.listeners.get(group) ?? new Set();
      state.listeners.set(group, listeners);
      return listen(listeners, (successor?: string) => {
        if (link.isReady && (successor === undefined || successor === worker)) listener();
      });
    },
  };
}

function claim(
  { clock, rows, paused }: MemoryState,
  link: MemoryLink,
  { key, worker, ttlMs, group, after = [], mustExist, epoch }: ClaimRequest,
): ClaimAnswer {
  const existing = rows.get(key);
  const now = clock.now();
  if (mustExist && !existing) return { outcome: 'absent' };
  const { state, worker: other, remainingMs } = survey(key, existing, now);
  if (state === 'ended') return { outcome: 'ended' };
  if (group !== undefined && paused.has(group)) return { outcome: 'paused' };
  const waitsFor = after.find((parent) => rows.has(parent) && !rows.get(parent)!.has('ended'));
  if (waitsFor !== undefined) return { outcome: 'waiting', waitsFor };
  if ((state === 'held' || state === 'reserved') && other !== worker) return { outcome: state, worker: other, remainingMs };
  const row: Row = existing ?? new Map();
  const number = Number(row.get('token') ?? 0) + 1;
  const owner = `${worker}#${link.name}.${epoch}`;
  row.delete('heir');
  row.delete('heirUntil');
  row
    .set('token', String(number))
    .set('owner', owner)
    .set('worker', worker)
    .set('until', String(now + ttlMs));
  rows.set(key, row);
  return { outcome: 'claimed', token: { number, owner }, facts: Object.fromEntries(row) };
}

function survey(key: string, row: Row | undefined, now: number): SurveyedRow {
  const nobody = { key, worker: '', remainingMs: 0 };
  if (!row) return { ...nobody, state: 'absent' };
  if (row.has('ended')) return { ...nobody, state: 'ended' };
  const heldMs = Number(row.get('until') ?? 0) - now;
  if (row.get('owner') && heldMs > 0) return { key, state: 'held', worker: row.get('worker')!, remainingMs: heldMs };
  const reservedMs = Number(row.get('heirUntil') ?? 0) - now;
  if (row.has('heir') && reservedMs > 0) return { key, state: 'reserved', worker: row.get('heir')!, remainingMs: reservedMs };
  return { ...nobody, state: 'free' };
}

const withLoad = (surveyed: SurveyedRow, row: Row | undefined): SurveyedRow =>
  row?.has('load') ? { ...surveyed, load: Number(row.get('load')) } : surveyed;
