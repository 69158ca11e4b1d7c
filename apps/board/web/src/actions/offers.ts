import type { ActionOffer } from './action.ts';

export type Kind = 'ingress' | 'egress' | 'function';

const REASON = {
  name: 'reason',
  label: 'Reason',
  kind: 'text',
  hint: 'Shown with the pause and in the audit log.',
  isOptional: true,
} as const;

export const offerPause = (kind: Kind, name: string): ActionOffer => ({
  ...{ name: 'pause', verb: 'Pause', title: `Pause ${kind} ${name}`, fields: [REASON] },
  about:
    kind === 'ingress'
      ? 'Its workers finish what they have in hand and give its shards back. The records wait in the stream.'
      : 'Its workers finish what they have in hand and give its lanes back. What comes meanwhile waits in the lanes.',
  input: ({ reason = '' }) => ({ kind, name, ...(reason && { reason }) }),
});

export const offerResume = (kind: Kind, name: string): ActionOffer => ({
  ...{ name: 'resume', verb: 'Resume', title: `Resume ${kind} ${name}` },
  about: 'Workers take it up again where they left it.',
  input: () => ({ kind, name }),
});

export const offerRewind = (ingress: string, stream: string, shard?: string): ActionOffer => ({
  ...{
    name: 'rewind',
    verb: 'Rewind',
    title: shard ? `Rewind shard ${shard} of ${ingress}` : `Rewind stream ${stream} of ${ingress}`,
    isDanger: true,
  },
  about: 'Reads again from another position. Records that were written before are written again.',
  fields: [
    {
      name: 'to',
      label: 'To',
      kind: 'text',
      hint:
        shard === undefined
          ? 'earliest, latest, or a time such as 2026-01-31T08:00:00Z.'
          : 'earliest, latest, a time such as 2026-01-31T08:00:00Z, or a sequence number after which to read on.',
    },
  ],
  input: ({ to }) => ({ ingress, to, streams: [stream], ...(shard && { shards: [shard] }) }),
});

/** @param others the workers that could take it */
export const offerMove = (what: 'shard' | 'lane', name: string, title: string, others: readonly string[]): ActionOffer => ({
  ...{ name: 'move', verb: 'Move', title: `Move ${title}` },
  about: 'Its owner finishes what it has in hand and hands it to the worker that you choose.',
  fields: [{ name: 'to', label: 'To worker', kind: 'choice', choices: others }],
  input: ({ to }) => ({ kind: what, name, to }),
});

const LAYOUT = {
  name: 'by',
  label: 'What shares a lane',
  kind: 'choice',
  choices: ['key', 'shard'],
  hint: 'The records of a key, or all of a source shard, as `ordering: shard` needs it.',
} as const;

/** @param layout `undefined` where there is no choice */
export const offerLaneCount = (target: string, lanes: number, layout: 'key' | 'shard' | undefined): ActionOffer => ({
  ...{ name: 'lanes.resize', verb: 'Change', title: `Change the lanes of ${target}` },
  about: 'Holds back what comes, waits until the lanes are empty, and switches. No records of a key change places.',
  fields: [
    { name: 'lanes', label: 'Lanes', kind: 'number', initial: String(lanes), hint: `It has ${lanes} now.` },
    ...(layout === undefined ? [] : [{ ...LAYOUT, initial: layout }]),
  ],
  input: ({ lanes: wanted, by }) => ({ target, lanes: Number(wanted), ...(by !== undefined && by !== layout && { by }) }),
});

export const offerRedrive = (target: string, ids: readonly string[] | 'all', title: string): ActionOffer => ({
  ...{ name: 'dead_letters.redrive', verb: 'Redrive', title: `Redrive ${title}` },
  about: 'Puts the records back into their lanes, at the end. One that fails again becomes a dead letter again.',
  input: () => ({ target, ...idsOf(ids) }),
});

export const offerRemove = (target: string, ids: readonly string[] | 'all', title: string): ActionOffer => ({
  ...{ name: 'dead_letters.remove', verb: 'Remove', title: `Remove ${title}`, isDanger: true },
  about: 'Removes the records for good. Nobody will receive them.',
  input: () => ({ target, ...idsOf(ids) }),
});

const idsOf = (ids: readonly string[] | 'all') => (ids === 'all' ? { all: true } : { ids });

export const offerRetry = (type: string, id: string | 'all'): ActionOffer => ({
  ...{ name: 'functions.retry', verb: 'Retry', title: id === 'all' ? `Retry all parked addresses of ${type}` : `Retry ${type} ${id}` },
  about: 'Calls the function now instead of at the next try.',
  input: () => ({ type, ...idOf(id) }),
});

export const offerSkip = (type: string, id: string | 'all'): ActionOffer => ({
  ...{
    name: 'functions.skip',
    verb: 'Skip',
    title: id === 'all' ? `Skip the first message of all parked addresses of ${type}` : `Skip the first message of ${type} ${id}`,
  },
  ...{ about: 'Its first message becomes a dead letter; the next ones are tried.', isDanger: true },
  input: () => ({ type, ...idOf(id) }),
});

const idOf = (id: string | 'all') => (id === 'all' ? { all: true } : { id });

export const offerDropJob = (target: string, lane: number, job: string): ActionOffer => ({
  ...{ name: 'jobs.drop', verb: 'Drop', title: `Drop job ${job} of lane ${lane}`, isDanger: true },
  about: 'For a job whose payload is lost. Its records are given up here; the plan says which range of the source to read again.',
  input: () => ({ target, lane, job }),
});

export const offerForget = (ingress: string, stream: string): ActionOffer => ({
  ...{ name: 'streams.forget', verb: 'Forget', title: `Forget stream ${stream} of ${ingress}`, isDanger: true },
  about: 'Forgets its shards and checkpoints, after the stream was replaced by another of its name.',
  input: () => ({ ingress, stream }),
});
