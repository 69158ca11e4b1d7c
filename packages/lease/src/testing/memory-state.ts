import type { Clock } from '@sluice/core';
import { RedisEpochMovedError, RedisNotReadyError } from '@sluice/redis';

export type Row = Map<string, string>;

/** What the scripts keep in Redis, kept in this process. */
export interface MemoryState {
  readonly clock: Clock;
  /** Lease rows by key. */
  readonly rows: Map<string, Row>;
  /** Group to worker to the time at which it is forgotten. */
  readonly members: Map<string, Map<string, number>>;
  /** Table to shard ID to parents. */
  readonly tables: Map<string, Map<string, readonly string[]>>;
  readonly listeners: Map<string, Set<(successor?: string) => void>>;
  /** Groups that are paused. */
  readonly paused: Set<string>;
}

/** The epoch of a connection, and whether it stands. */
export class MemoryLink {
  readonly name: string;
  epoch = 1;
  isReady = true;
  readonly lost = new Set<() => void>();
  readonly ready = new Set<() => void>();

  constructor(name: string) {
    this.name = name;
  }

  /** Answers later, as a network does, unless the connection has gone by then. */
  async run<T>(epoch: number, command: () => T): Promise<T> {
    this.#assertAt(epoch);
    await Promise.resolve();
    this.#assertAt(epoch);
    return command();
  }

  disconnect(): void {
    this.isReady = false;
    this.epoch += 1;
    for (const listener of [...this.lost]) listener();
  }

  reconnect(): void {
    this.isReady = true;
    for (const listener of [...this.ready]) listener();
  }

  #assertAt(epoch: number): void {
    if (epoch !== this.epoch) throw new RedisEpochMovedError(this.name, epoch, this.epoch);
    if (!this.isReady) throw new RedisNotReadyError(this.name);
  }
}

/** @param successor the only worker that it concerns, where there is one */
export function notify({ listeners }: MemoryState, group: string, successor?: string): void {
  for (const listener of [...(listeners.get(group) ?? [])]) listener(successor);
}

/** Adds a listener to a set, and answers how to take it away. */
export function listen<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const isHolder = (row: Row | undefined, token: { number: number; owner: string }): boolean =>
  row?.get('token') === String(token.number) && row.get('owner') === token.owner;
