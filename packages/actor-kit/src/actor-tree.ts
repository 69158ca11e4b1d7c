/**
 * What the actors of a process do, and since when.
 *
 * Of the inspection events of the root actor it only keeps when an actor last changed its state: one comparison an event, nothing that
 * outlives its actor. The tree itself is read from the actors when somebody asks for it.
 */
import type { AnyActorRef, InspectionEvent, Snapshot } from 'xstate';

export interface ActorNode {
  readonly id: string;
  /** The machine that it runs, or the name of a promise or callback. */
  readonly machine: string;
  /** Nested states joined by dots, as in `open.writing`; the status of what is not a machine. */
  readonly state: string;
  /** When it entered that state, ISO 8601. */
  readonly since: string;
  readonly children: readonly ActorNode[];
}

export interface ActorChange {
  readonly id: string;
  readonly machine: string;
  /** `undefined` when the actor has just started. */
  readonly from: string | undefined;
  readonly to: string;
  /** The type of the event that made it change. */
  readonly event: string;
}

export interface ActorTreeOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called with each change of state of a machine. */
  readonly onChange?: (change: ActorChange) => void;
}

interface Seen {
  readonly value: unknown;
  readonly sinceMs: number;
}

export class ActorTree {
  readonly #options: ActorTreeOptions;
  readonly #seen = new WeakMap<object, Seen>();
  #root: AnyActorRef | undefined;

  constructor(options: ActorTreeOptions) {
    this.#options = options;
  }

  /** Goes to `createActor` of the root actor. */
  readonly inspect = (event: InspectionEvent): void => {
    if (event.type === '@xstate.actor') this.#start(event.actorRef as AnyActorRef);
    if (event.type === '@xstate.snapshot') this.#note(event.actorRef as AnyActorRef, event.snapshot, event.event.type);
  };

  /** The root actor with all that it has spawned and invoked; `undefined` before it was started. */
  read(): ActorNode | undefined {
    return this.#root && this.#nodeOf(this.#root);
  }

  /** How many actors are in each state, for machines only: promises and callbacks come and go. */
  countMachines(): ReadonlyArray<{ readonly machine: string; readonly state: string; readonly count: number }> {
    const counts = new Map<string, { machine: string; state: string; count: number }>();
    const visit = (ref: AnyActorRef) => {
      const snapshot: Snapshot<unknown> = ref.getSnapshot();
      if (!('value' in snapshot)) return;
      const [machine, state] = [machineOf(ref), stateOf(snapshot)];
      const entry = counts.get(`${machine} ${state}`) ?? { machine, state, count: 0 };
      entry.count++;
      counts.set(`${machine} ${state}`, entry);
      for (const child of childrenOf(snapshot)) visit(child);
    };
    if (this.#root) visit(this.#root);
    return [...counts.values()];
  }

  #start(ref: AnyActorRef): void {
    this.#root ??= ref;
    this.#seen.set(ref, { value: undefined, sinceMs: this.#options.now() });
  }

  #note(ref: AnyActorRef, snapshot: Snapshot<unknown>, event: string): void {
    const value = 'value' in snapshot ? snapshot.value : snapshot.status;
    const before = this.#seen.get(ref);
    if (before && isSame(before.value, value)) return;
    this.#seen.set(ref, { value, sinceMs: this.#options.now() });
    const { onChange } = this.#options;
    if (!onChange || !('value' in snapshot)) return;
    onChange({
      id: ref.id,
      machine: machineOf(ref),
      from: before?.value === undefined ? undefined : textOf(before.value),
      to: textOf(value),
      event,
    });
  }

  #nodeOf(ref: AnyActorRef): ActorNode {
    const snapshot: Snapshot<unknown> = ref.getSnapshot();
    return {
      id: ref.id,
      machine: machineOf(ref),
      state: stateOf(snapshot),
      since: new Date(this.#seen.get(ref)?.sinceMs ?? this.#options.now()).toISOString(),
      children: [...childrenOf(snapshot).map((child) => this.#nodeOf(child)), ...rowsOf(snapshot)],
    };
  }
}

/** By reference first: a machine that stays where it is mostly keeps its value. */
const isSame = (before: unknown, after: unknown): boolean =>
  before === after || (typeof before === 'object' && typeof after === 'object' && textOf(before) === textOf(after));

/** The state of an actor as text: nested states joined by dots, or its status where it is not a machine. */
export const stateOf = (snapshot: Snapshot<unknown>): string => ('value' in snapshot ? textOf(snapshot.value) : snapshot.status);

/** `{ open: { writing: 'delivering' } }` as `open.writing.delivering`; parallel states separated by commas. */
function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([state, inner]) => (typeof inner === 'object' && Object.keys(inner).length === 0 ? state : `${state}.${textOf(inner)}`))
    .join(',');
}

function machineOf({ src, logic }: AnyActorRef & { readonly logic?: { readonly id?: string } }): string {
  return logic?.id ?? (typeof src === 'string' ? src.replace(/^xstate\.invoke\./, '') : 'actor');
}

/** What an actor has in flight and no actors for: what `rows` in its context answers. */
function rowsOf(snapshot: Snapshot<unknown>): readonly ActorNode[] {
  const context = 'context' in snapshot ? (snapshot.context as { readonly rows?: unknown } | undefined) : undefined;
  return typeof context?.rows === 'function' ? (context.rows() as readonly ActorNode[]) : [];
}

const childrenOf = (snapshot: Snapshot<unknown>): readonly AnyActorRef[] =>
  'children' in snapshot
    ? Object.values(snapshot.children as Readonly<Record<string, AnyActorRef | undefined>>).filter((child) => child !== undefined)
    : [];
