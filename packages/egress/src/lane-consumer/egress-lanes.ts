/** All lanes of one egress that this worker holds: one consumer a lease, from its claim until it is lost or given back. */
import type { Clock, Logger, Weight, WeightedBudget } from '@sluice/core';
import type { Lease, LeaseEvent, LeaseKeeper, LeaseLossReason } from '@sluice/lease';
import type { EmitFromEgress } from '@sluice/telemetry';
import type { RecordWriter } from '../egress-writer/record-writer.ts';
import { auditLanes } from './lane-auditor.ts';
import { actorOf, createLaneConsumer, type LaneConsumerActor } from './lane-consumer.ts';
import { type Backlog, measureLanes } from './lane-meter.ts';
import { LaneWork } from './lane-work.ts';
import type { LaneJob, LaneReceiver } from './ports.ts';

export interface EgressLanesOptions {
  readonly egressId: string;
  /** Lease key of each lane, by its number. */
  readonly leaseKeys: readonly string[];
  readonly createKeeper: (emit: (event: LeaseEvent) => void) => LeaseKeeper;
  readonly openReceiver: (lane: number, lease: Lease) => LaneReceiver;
  /** Counts a lane anew. */
  readonly auditLane: (lane: number) => Promise<unknown>;
  /** What waits and is in hand in all lanes, also those of other workers. */
  readonly measureLanes: () => Promise<Backlog>;
  readonly writer: RecordWriter;
  readonly budget: WeightedBudget;
  readonly expectedJob: Weight;
  /** How long a lane whose budget was spent rests, milliseconds. */
  readonly blockMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly emit: EmitFromEgress;
  /** What no retry mends: the worker must stop. */
  readonly onFatal: (error: unknown) => void;
}

interface Consumer {
  readonly lane: number;
  readonly work: LaneWork<LaneJob>;
  readonly actor: LaneConsumerActor;
  readonly ended: Promise<void>;
  successor: string | undefined;
}

/** How long this worker leaves a lane alone that it could not work through. */
const COOLDOWN_MS = 5_000;

export class EgressLanes {
  readonly #options: EgressLanesOptions;
  readonly #keeper: LeaseKeeper;
  readonly #consumers = new Map<Lease, Consumer>();
  readonly #stopping = new AbortController();

  constructor(options: EgressLanesOptions) {
    this.#options = options;
    this.#keeper = options.createKeeper((event) => this.#onLease(event));
  }

  start(): void {
    this.#keeper.start();
    const { auditLane: audit, clock, logger } = this.#options;
    const lanes = () => [...this.#consumers.values()].map(({ lane }) => lane);
    void auditLanes({ lanes, audit, clock, logger }, this.#stopping.signal);
    const tell = (backlog: Backlog) => this.#options.emit({ type: 'lane.measured', ...backlog });
    void measureLanes({ measure: this.#options.measureLanes, tell, clock, logger }, this.#stopping.signal);
  }

  /** Claims nothing more and gives every lane back, after what was taken had `graceMs` to be sent. */
  async drain(graceMs: number): Promise<void> {
    this.#stopping.abort();
    const retired = this.#keeper.retire();
    const consumers = [...this.#consumers.values()];
    for (const { actor } of consumers) actor.send({ type: 'release.requested', graceMs });
    await Promise.all(consumers.map(({ ended }) => ended));
    await retired;
    await this.#keeper.stop();
  }

  #onLease(event: LeaseEvent): void {
    switch (event.type) {
      case 'lease.claimed':
        this.#begin(event.lease);
        break;
      case 'lease.recalled':
        this.#recall(event.lease, event.successor);
        break;
      case 'lease.lost':
        if (event.reason !== 'released') this.#lose(event.lease, event.reason);
        break;
      case 'keeper.failed':
        this.#options.onFatal(event.error);
        break;
      case 'members.changed':
        this.#options.logger.info('workers of the egress changed', { egress: this.#options.egressId, workers: event.members.length });
    }
  }

  #begin(lease: Lease): void {
    const { leaseKeys, openReceiver, emit, clock, blockMs } = this.#options;
    const lane = leaseKeys.indexOf(lease.key);
    let actor: LaneConsumerActor | undefined;
    const work = new LaneWork({
      ...this.#options,
      lane,
      lease,
      receiver: openReceiver(lane, lease),
      onSpent: (spent) => {
        emit({ type: 'lane.blocked', lane, code: spent.reason.code, reason: spent.reason.message, attempts: spent.attempts });
        actor?.send({ type: 'budget.spent', spent });
      },
      onDisplaced: () => actor?.send({ type: 'lane.displaced' }),
      onFailure: (error) => actor?.send({ type: 'lane.failed', error }),
      onRejected: ({ code, message }) => emit({ type: 'record.deadLettered', lane, code, reason: message }),
      onAckLost: (records) => emit({ type: 'ack.lost', lane, records }),
      onSkipped: (records) => emit({ type: 'replay.skipped', lane, records }),
      onProgress: () => actor?.send({ type: 'lane.moved' }),
      onTakenOver: (jobs) => emit({ type: 'lane.takenOver', lane, jobs }),
    });
    actor = actorOf(createLaneConsumer({ work, releaseLease: () => this.#release(lease) }), { lane, blockMs }, clock);
    actor.on('job.unreadable', ({ reason: { code, message } }) => {
      emit({ type: 'payload.missing', lane, code, reason: message });
      emit({ type: 'lane.blocked', lane, code, reason: message, attempts: 1 });
    });
    const ended = new Promise<void>((resolve) => {
      actor.subscribe({ complete: () => resolve(this.#end(lease)), error: (error) => resolve(this.#fail(lease, error)) });
    });
    this.#consumers.set(lease, { lane, work, actor, ended, successor: undefined });
    emit({ type: 'lease.claimed', group: this.#group, lease: `lane ${lane}` });
    actor.start();
  }

  #recall(lease: Lease, successor: string): void {
    const consumer = this.#consumers.get(lease);
    if (!consumer) return;
    consumer.successor = successor;
    consumer.actor.send({ type: 'release.requested', graceMs: 0 });
  }

  #lose(lease: Lease, reason: LeaseLossReason): void {
    const consumer = this.#consumers.get(lease);
    if (!consumer) return;
    this.#options.emit({ type: 'lease.lost', group: this.#group, lease: `lane ${consumer.lane}`, reason });
    consumer.work.abandon();
    consumer.actor.send({ type: 'lease.lost' });
  }

  get #group(): string {
    return `egress:${this.#options.egressId}`;
  }

  async #release(lease: Lease): Promise<void> {
    const successor = this.#consumers.get(lease)?.successor;
    await this.#keeper.release(lease, successor === undefined ? {} : { successor });
  }

  async #end(lease: Lease): Promise<void> {
    const { actor, work } = this.#consumers.get(lease)!;
    this.#consumers.delete(lease);
    work.abandon();
    const { reason, error } = actor.getSnapshot().output!;
    if (reason === 'failed') await this.#fail(lease, error);
  }

  async #fail(lease: Lease, error: unknown): Promise<void> {
    this.#consumers.delete(lease);
    this.#options.onFatal(error);
    await this.#keeper.release(lease, { cooldownMs: COOLDOWN_MS });
  }
}
