import { stateOf } from '@sluice/actor-kit';
import { toErrorReport } from '@sluice/core';
import type { AnyActorRef, SnapshotFrom } from 'xstate';
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
  // Whether a new configuration is being loaded is the business of `/actors`.
  const [state = ''] = stateOf(snapshot).split('.');
  const redis = connection?.isReady ?? false;
  const children = Object.fromEntries(Object.entries<PartRef>(parts).map(([id, part]) => [id, partReadiness(part)]));
  const reasons = [
    ...(state === 'running' ? [] : [`the worker is ${state}`]),
    ...(redis ? [] : ['Redis is not connected']),
    ...Object.entries<PartRef>(parts).flatMap(([id, part]) =>
      children[id]!.ready ? [] : [`${id} is ${children[id]!.state}${because(part)}`],
    ),
  ];
  return { ready: reasons.length === 0, state, redis, children, reasons };
}

function partReadiness(part: PartRef) {
  const snapshot = part.getSnapshot();
  return { ready: snapshot.hasTag('ready'), state: stateOf(snapshot) };
}

function because(part: PartRef): string {
  const error = failureOf(part);
  if (error === undefined) return '';
  const { message, code } = toErrorReport(error);
  return `: ${message} (${code})`;
}

/**
 * What an actor, or the first of those below it, last failed with and tries again. Machines keep it in `error`, and in `attempt` how often
 * they failed in a row; an error of which they made no failed attempt is over.
 */
function failureOf(actor: AnyActorRef): unknown {
  const { context = {}, children = {} } = actor.getSnapshot() as {
    readonly context?: { readonly error?: unknown; readonly attempt?: unknown };
    readonly children?: Readonly<Record<string, AnyActorRef | undefined>>;
  };
  if (context.error instanceof Error && context.attempt !== 0) return context.error;
  for (const child of Object.values(children)) {
    const failure = child && failureOf(child);
    if (failure !== undefined) return failure;
  }
  return undefined;
}
