import type { Clock } from '@sluice/core';
import { MAX_CONSUMERS_PER_STREAM, MAX_CREATING_CONSUMERS } from '../limits.ts';
import { limitExceeded, resourceInUse, resourceNotFound } from '../service-error.ts';
import type { ConsumerState } from '../store/stored-state.ts';
import { Consumer } from './consumer.ts';

export interface ConsumersOptions {
  readonly streamArn: string;
  readonly clock: Clock;
  /** How long a consumer stays CREATING or DELETING. */
  readonly stateDelayMs: number;
}

/** The consumers that are registered with one stream. */
export class Consumers {
  readonly #options: ConsumersOptions;
  #consumers: Consumer[] = [];

  constructor(options: ConsumersOptions) {
    this.#options = options;
  }

  /** In order of their names. */
  get all(): readonly Consumer[] {
    this.#consumers = this.#consumers.filter(({ status }) => status !== undefined);
    return this.#consumers;
  }

  /** Throws a `ResourceInUseException` where the name is taken, a `LimitExceededException` where there are too many. */
  register(name: string): Consumer {
    const { all } = this;
    const { streamArn } = this.#options;
    if (all.some((consumer) => consumer.name === name)) throw resourceInUse(`Consumer ${name} of stream ${streamArn} already exists.`);
    if (all.length >= MAX_CONSUMERS_PER_STREAM)
      throw limitExceeded(`Stream ${streamArn} has ${all.length} registered consumers, which is the limit.`);
    const creating = all.filter(({ status }) => status === 'CREATING').length;
    if (creating >= MAX_CREATING_CONSUMERS) throw limitExceeded(`Stream ${streamArn} has ${creating} consumers in state CREATING.`);
    return this.#add({ name, createdAtMs: this.#options.clock.now() });
  }

  /** By name or ARN. Throws a `ResourceNotFoundException` where there is none. */
  find(nameOrArn: string): Consumer {
    const consumer = this.all.find(({ name, arn }) => name === nameOrArn || arn === nameOrArn);
    if (!consumer) throw resourceNotFound(`Consumer ${nameOrArn} of stream ${this.#options.streamArn} not found.`);
    return consumer;
  }

  delete(consumer: Consumer): void {
    consumer.delete(resourceNotFound(`Consumer ${consumer.arn} was deregistered.`));
  }

  /** The stream goes, and they with it. */
  clear(): void {
    for (const consumer of this.#consumers) consumer.delete(resourceNotFound(`Stream ${this.#options.streamArn} was deleted.`));
    this.#consumers = [];
  }

  get state(): readonly ConsumerState[] {
    return this.all.filter(({ status }) => status !== 'DELETING').map(({ name, createdAtMs }) => ({ name, createdAtMs }));
  }

  /** Takes over what a journal says; consumers that are there stay with their subscriptions. */
  restore(states: readonly ConsumerState[]): void {
    const known = this.#consumers;
    this.#consumers = [];
    for (const state of states) {
      const before = known.find(({ name, createdAtMs }) => name === state.name && createdAtMs === state.createdAtMs);
      if (before) this.#consumers.push(before);
      else this.#add(state);
    }
  }

  #add(state: ConsumerState): Consumer {
    const { streamArn, clock, stateDelayMs } = this.#options;
    const consumer = new Consumer(state, streamArn, clock, stateDelayMs);
    this.#consumers.push(consumer);
    this.#consumers.sort((left, right) => (left.name < right.name ? -1 : 1));
    return consumer;
  }
}
