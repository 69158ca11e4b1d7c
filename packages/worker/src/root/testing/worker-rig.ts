import { assign, createActor, fromPromise, SimulatedClock, setup, waitFor } from 'xstate';
import type { Reload, ReloadReport } from '../../reload/reload.ts';
import type { PartId, PartLogic, PartOutput } from '../part.ts';
import { type Connection, workerMachine } from '../worker.machine.ts';

/** A part that works once it is told to, ends when it is asked to, and fails or crashes on demand. */
const partOf = (calls: string[], name: string, { isDeaf = false } = {}): PartLogic =>
  setup({
    types: {
      events: {} as
        | { type: 'shutdown.requested' | 'opened' | 'failing' | 'broke' | 'crashed' | 'ended' }
        | { type: 'tried'; attempt: number; error: unknown },
      context: {} as { error: unknown; attempt: number },
      output: {} as PartOutput,
      tags: {} as 'ready',
    },
    guards: { isDeaf: () => isDeaf },
    actions: {
      note: () => void calls.push(`stop ${name}`),
      crash: () => {
        throw new TypeError('bug');
      },
    },
  }).createMachine({
    id: name,
    context: { error: undefined, attempt: 0 },
    initial: 'opening',
    on: {
      'shutdown.requested': [{ guard: 'isDeaf' }, { target: '.ended', actions: 'note' }],
      broke: { target: '.ended', actions: assign({ error: FATAL }) },
      crashed: { actions: 'crash' },
      ended: '.ended',
      tried: { actions: assign(({ event: { attempt, error } }) => ({ attempt, error })) },
    },
    states: {
      opening: { on: { opened: 'working' } },
      working: { tags: 'ready', on: { failing: 'opening' } },
      ended: { type: 'final' },
    },
    output: ({ context: { error } }) => ({ reason: error ? 'failed' : 'stopped', error }),
  });

export const FATAL = new Error('no such stream');

interface WorkerOptions {
  readonly shutdownDelayMs?: number;
  readonly deaf?: readonly string[];
  readonly stuckIn?: 'starting' | 'connecting';
  readonly failsIn?: 'starting' | 'connecting';
}

/** A worker with the parts `a` and `b`. */
export function workerOf({ shutdownDelayMs = 0, deaf = [], stuckIn, failsIn }: WorkerOptions = {}) {
  const calls: string[] = [];
  const clock = new SimulatedClock();
  const parts = new Map<PartId, PartLogic>(
    ['a', 'b'].map((name) => [`ingress:${name}`, partOf(calls, name, { isDeaf: deaf.includes(name) })]),
  );
  const reports: ReloadReport[] = [];
  let loaded: LoadedReload | Error = {};
  const connection = { isReady: true, parts };
  const effect = async (state: 'starting' | 'connecting', call: string) => {
    calls.push(call);
    if (stuckIn === state) await new Promise<never>(() => undefined);
    if (failsIn === state) throw FATAL;
  };
  const machine = workerMachine.provide({
    actors: {
      serveOperations: fromPromise<void>(() => effect('starting', 'serve')),
      connect: fromPromise<Connection>(() => effect('connecting', 'connect').then(() => connection)),
      loadConfiguration: fromPromise<Reload>(async () => {
        calls.push('load');
        if (loaded instanceof Error) throw loaded;
        const starting = new Map((loaded.starting ?? []).map((id) => [id, partOf(calls, id.slice('ingress:'.length))]));
        return { isUnchanged: false, leaving: [], shutdownDelayMs, shutdownTimeoutMs: 20_000, ...loaded, starting };
      }),
    },
    actions: { reportReload: (_, report) => void reports.push(report) },
  });
  const actor = createActor(machine, { clock, input: { shutdownDelayMs, shutdownTimeoutMs: 20_000 } });
  const loadsTo = (next: LoadedReload | Error) => {
    loaded = next;
  };
  return { actor, clock, calls, connection, reports, loadsTo, part: (id: PartId) => actor.getSnapshot().context.parts[id]! };
}

type LoadedReload = Partial<Omit<Reload, 'starting'>> & { readonly starting?: readonly PartId[] };

export async function runningWorkerOf(options: WorkerOptions = {}) {
  const worker = workerOf(options);
  worker.actor.start();
  await waitFor(worker.actor, (snapshot) => snapshot.matches('running'));
  return worker;
}
