/**
 * Lets clients watch what functions send to an egress, whichever worker applied it: workers tell each other over a channel of Redis, and
 * only while somebody listens. A tap is for trying out: what is sent while a connection is lost does not reach it.
 */
import { type Clock, type SluiceRecord, sleep } from '@sluice/core';
import { type RedisSession, subscribeToNotices, tapChannel } from '@sluice/redis';
import type { EgressEffect } from '../answer/effects.ts';

export interface EgressTapsOptions {
  readonly session: RedisSession;
  readonly keyPrefix: string;
  readonly clock: Clock;
}

type Listener = (record: SluiceRecord) => void;

/** For how long a worker trusts its last look whether others listen. */
const LOOK_EVERY_MS = 500;
/** Records of one message on the channel. */
const MOST_AT_ONCE = 100;

interface Channel {
  readonly listeners: Set<Listener>;
  readonly name: string;
  /** The way to stop listening for other workers, while somebody listens here. */
  subscribed: Promise<() => void> | undefined;
  hasOthers: Promise<boolean>;
  lookedAtMs: number;
}

interface TapMessage {
  readonly sender: string;
  readonly records: readonly TappedRecord[];
}

type TappedRecord = Pick<SluiceRecord, 'partitionKey' | 'explicitHashKey' | 'stream'> & { readonly data: string };

export class EgressTaps {
  readonly #options: EgressTapsOptions;
  readonly #channels = new Map<string, Channel>();

  constructor(options: EgressTapsOptions) {
    this.#options = options;
  }

  /** Resolves once every record sent from now on is passed to the listener. Answers the way to stop. */
  async listen(egressId: string, listener: Listener): Promise<() => void> {
    const { session, clock } = this.#options;
    const channel = this.#channelOf(egressId);
    channel.listeners.add(listener);
    channel.subscribed ??= subscribeToNotices(session, channel.name, (message) => this.#receive(channel, message));
    await channel.subscribed;
    // Until then other workers may believe that nobody listens.
    await sleep(clock, LOOK_EVERY_MS);
    return () => {
      channel.listeners.delete(listener);
      if (channel.listeners.size > 0) return;
      void channel.subscribed?.then((stop) => stop());
      channel.subscribed = undefined;
      void session.client.unsubscribe(channel.name).catch(() => undefined);
    };
  }

  /** Passes on records that were committed. Never throws, and waits for nobody. */
  offer(effects: readonly EgressEffect[]): void {
    for (const [egressId, sent] of Map.groupBy(effects, (effect) => effect.egressId)) {
      this.#offer(
        egressId,
        sent.map(({ record }) => record),
      );
    }
  }

  #offer(egressId: string, records: readonly SluiceRecord[]): void {
    const channel = this.#channelOf(egressId);
    for (const listener of channel.listeners) for (const record of records) listener(record);
    this.#look(channel);
    void channel.hasOthers.then((hasOthers) => (hasOthers ? this.#publish(channel, records) : undefined)).catch(() => undefined);
  }

  #channelOf(egressId: string): Channel {
    let channel = this.#channels.get(egressId);
    if (!channel) {
      const name = tapChannel(this.#options.keyPrefix, egressId);
      const hasOthers = Promise.resolve(false);
      channel = { listeners: new Set(), name, subscribed: undefined, hasOthers, lookedAtMs: Number.NEGATIVE_INFINITY };
      this.#channels.set(egressId, channel);
    }
    return channel;
  }

  #look(channel: Channel): void {
    const { session, clock } = this.#options;
    const nowMs = clock.monotonic();
    if (nowMs - channel.lookedAtMs < LOOK_EVERY_MS) return;
    channel.lookedAtMs = nowMs;
    channel.hasOthers = session
      .run(session.epoch, (client) => client.pubsub('NUMSUB', channel.name))
      .then(
        (answer) => Number((answer as unknown[])[1]) > (channel.subscribed === undefined ? 0 : 1),
        () => false,
      );
  }

  async #publish({ name }: Channel, records: readonly SluiceRecord[]): Promise<void> {
    const { session } = this.#options;
    for (let from = 0; from < records.length; from += MOST_AT_ONCE) {
      const part = records.slice(from, from + MOST_AT_ONCE).map(toTapped);
      const message = JSON.stringify({ sender: session.id, records: part } satisfies TapMessage);
      await session.run(session.epoch, (client) => client.publish(name, message));
    }
  }

  #receive(channel: Channel, text: string): void {
    const { sender, records } = JSON.parse(text) as TapMessage;
    if (sender === this.#options.session.id) return;
    for (const record of records) for (const listener of channel.listeners) listener(fromTapped(record));
  }
}

const toTapped = ({ partitionKey, explicitHashKey, stream, data }: SluiceRecord): TappedRecord => ({
  partitionKey,
  ...(explicitHashKey !== undefined && { explicitHashKey }),
  ...(stream !== undefined && { stream }),
  data: Buffer.from(data).toString('base64'),
});

const fromTapped = ({ data, ...record }: TappedRecord): SluiceRecord => ({ ...record, data: Buffer.from(data, 'base64'), metadata: {} });
