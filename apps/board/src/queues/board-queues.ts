import type { Clock, Logger } from '@sluice/core';
import { deadLetterQueue, type LaneName, listLanes, listTargets, readLaneCounts } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import { Queue } from 'bullmq';
import { DeadLetterAdapter, LaneAdapter } from './queue-adapters.ts';
import type { BullBoard } from './serve-queues.ts';

export interface BoardQueuesOptions {
  readonly board: BullBoard;
  readonly session: RedisSession;
  readonly keyPrefix: string;
  /** Dead letters cannot be redriven or removed. */
  readonly isReadOnly: boolean;
  readonly logger: Logger;
  readonly clock: Clock;
}

interface ShownQueue {
  readonly queue: Queue;
  readonly adapter: LaneAdapter | DeadLetterAdapter;
}

const REFRESH_MS = 2_000;

/** Keeps the queues that the board shows in step with the lanes that Redis knows. */
export class BoardQueues {
  readonly #options: BoardQueuesOptions;
  readonly #shown = new Map<string, ShownQueue>();
  /** By queue name. */
  #owners = new Map<string, string>();
  #timer: unknown;
  #isStopped = false;

  constructor(options: BoardQueuesOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, logger } = this.#options;
    this.#timer = clock.setTimeout(() => {
      this.refresh()
        .catch((error: Error) => logger.warn('cannot list the lanes; retrying', { reason: error.message }))
        .finally(() => {
          if (!this.#isStopped) this.start();
        });
    }, REFRESH_MS);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#options.clock.clearTimeout(this.#timer);
    await Promise.all([...this.#shown.values()].map(({ queue }) => queue.close()));
  }

  /** Adds queues of new lanes and targets, and takes away those of lanes that are gone since their number was changed. */
  async refresh(): Promise<void> {
    const { session, keyPrefix } = this.#options;
    const [lanes, targets] = await Promise.all([listLanes(session, { keyPrefix }), listTargets(session, { keyPrefix })]);
    await this.#readOwners(lanes);
    for (const lane of lanes) this.#show(lane, (queue) => new LaneAdapter(queue, lane, () => this.#owners.get(lane.queueName)));
    const letters = targets.map(({ target }) => ({ target, ...deadLetterQueue({ keyPrefix, target }) }));
    for (const { target, ...queue } of letters) this.#show(queue, (shown) => new DeadLetterAdapter(shown, target, this.#options));
    const known = new Set([...lanes, ...letters].map(({ queueName }) => queueName));
    await Promise.all([...this.#shown.keys()].filter((name) => !known.has(name)).map((name) => this.#hide(name)));
  }

  async #readOwners(lanes: readonly LaneName[]): Promise<void> {
    const { session, keyPrefix } = this.#options;
    const owners = new Map<string, string>();
    for (const target of new Set(lanes.map((lane) => lane.target))) {
      const counts = await readLaneCounts(session, { keyPrefix, target });
      for (const { queueName, target: ofTarget, lane } of lanes) {
        const worker = ofTarget === target ? counts[lane]?.worker : undefined;
        if (worker) owners.set(queueName, worker);
      }
    }
    this.#owners = owners;
  }

  #show({ queueName, bullPrefix }: { queueName: string; bullPrefix: string }, adapterFor: (queue: Queue) => ShownQueue['adapter']): void {
    if (this.#shown.has(queueName)) return;
    const queue = new Queue(queueName, { prefix: bullPrefix, connection: this.#options.session.client, skipMetasUpdate: true });
    queue.on('error', (error) => this.#options.logger.warn('cannot read the queue', { queue: queueName, reason: error.message }));
    const adapter = adapterFor(queue);
    this.#shown.set(queueName, { queue, adapter });
    this.#options.board.addQueue(adapter);
  }

  async #hide(queueName: string): Promise<void> {
    const { queue, adapter } = this.#shown.get(queueName)!;
    this.#shown.delete(queueName);
    this.#options.board.removeQueue(adapter);
    await queue.close();
  }
}
