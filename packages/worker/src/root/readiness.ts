import { stateOf } from '@sluice/actor-kit';
import type { SnapshotFrom } from 'xstate';
import type { PartRef } from './part.ts';
import type { workerMachine } from './worker.machine.ts';

/** What `/ready` answers, with 200 where `ready` is true and 503 otherwise. */
export interface Readiness {
  readonly ready: boolean;
  /** Of the worker as a whole. */
  readonly state: string;
  /** Whether the connection to Redis is up. */
  readonly redis: boolean;
  readonly children: Readonly<Record<string, { readonly ready: boolean; readonly state: string }>>;
  /** What is missing, in words; empty where it is ready. */
  readonly reasons: readonly string[];
}

/** A worker is ready when it runs, Redis is connected, and each of its parts works. */
export function readinessOf(snapshot: SnapshotFrom<typeof workerMachine>): Readiness {
  const { connection, parts } = snapshot.context;
  const state = stateOf(snapshot);
  const redis = connection?.isReady ?? false;
  const children = Object.fromEntries(Object.entries<PartRef>(parts).map(([id, part]) => [id, partReadiness(part)]));
  const reasons = [
    ...(state === 'running' ? [] : [`the worker is ${state}`]),
    ...(redis ? [] : ['Redis is not connected']),
    ...Object.entries(children).flatMap(([id, child]) => (child.ready ? [] : [`${id} is ${child.state}`])),
  ];
  return { ready: reasons.length === 0, state, redis, children, reasons };
}

function partReadiness(part: PartRef) {
  const snapshot = part.getSnapshot();
  return { ready: snapshot.hasTag('ready'), state: stateOf(snapshot) };
}
