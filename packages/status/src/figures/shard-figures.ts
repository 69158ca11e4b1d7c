import type { EventOf } from '@sluice/telemetry';
import type { HistoryCount } from '../history/history-count.ts';
import type { RouteReport, ShardReport } from '../worker-report.ts';
import type { Handlers } from './handlers.ts';
import { perSecond } from './rate.ts';
import { Silence } from './silence.ts';

type ShardEventType = 'reader.started' | 'page.read' | 'records.read' | 'page.enqueued' | 'reader.paused' | 'read.failed' | 'reader.ended';

interface Shard {
  state: ShardReport['state'];
  lagSeconds: number;
  records: number;
  bytes: number;
  failure: { readonly code: string; readonly reason: string } | undefined;
  readonly silence: Silence;
}

interface Source {
  readonly shards: Map<string, Shard>;
  /** Also those of shards whose readers have ended. */
  records: number;
  bytes: number;
  /** Ids of its targets, comma-separated. */
  target: string;
}

/** What shard readers do: a shard's figures are there from its reader's start to its end. */
export class ShardFigures {
  readonly #sources = new Map<string, Source>();

  readonly on: Handlers<ShardEventType> = {
    'reader.started': (event) => void this.#shardOf(event),
    'page.read': (event) => {
      const { source, shard } = this.#shardOf(event);
      shard.bytes += event.bytes;
      source.bytes += event.bytes;
      shard.lagSeconds = event.lagSeconds;
      if (shard.state === 'failing') shard.state = 'reading';
      shard.failure = undefined;
    },
    'records.read': (event) => {
      const { source, shard } = this.#shardOf(event);
      shard.records += event.records;
      source.records += event.records;
    },
    'page.enqueued': (event) => {
      const { source, shard } = this.#shardOf(event);
      source.target = event.target;
      // A page is fetched ahead while the reader waits, so that reading alone does not end a pause.
      if (shard.state === 'paused') shard.state = 'reading';
    },
    'reader.paused': (event) => {
      const { shard } = this.#shardOf(event);
      shard.state = 'paused';
      shard.lagSeconds = event.lagSeconds;
    },
    'read.failed': (event) => {
      const { shard } = this.#shardOf(event);
      shard.state = 'failing';
      shard.lagSeconds = event.lagSeconds;
      shard.failure = { code: event.code, reason: event.error };
    },
    'reader.ended': (event) => void this.#shardOf(event).source.shards.delete(event.shard),
  };

  /** What happened since the last call, `seconds` ago. */
  take(seconds: number): { readonly shards: readonly ShardReport[]; readonly counts: readonly HistoryCount[] } {
    const shards: ShardReport[] = [];
    const counts: HistoryCount[] = [];
    for (const [name, source] of this.#sources) {
      let lagSeconds = 0;
      for (const [shardId, shard] of source.shards) {
        shards.push(toReport(name, shardId, shard, seconds));
        lagSeconds = Math.max(lagSeconds, shard.lagSeconds);
        shard.records = 0;
        shard.bytes = 0;
        shard.silence.pass(seconds);
      }
      counts.push({ measure: 'records_in', name, value: source.records }, { measure: 'bytes_in', name, value: source.bytes });
      if (source.shards.size > 0) counts.push({ measure: 'lag', name, value: lagSeconds });
      else this.#sources.delete(name);
      source.records = 0;
      source.bytes = 0;
    }
    return { shards, counts };
  }

  /** Shards whose readers should ask Kinesis every few seconds, and have done nothing for so long. */
  stuck(afterSeconds: number): string[] {
    return [...this.#sources].flatMap(([name, { shards }]) =>
      [...shards].flatMap(([shardId, { state, silence }]) =>
        state === 'reading' && silence.seconds >= afterSeconds
          ? [`the reader of ${shardId} of ${name} has done nothing for ${Math.round(silence.seconds)} s`]
          : [],
      ),
    );
  }

  forgetSilence(): void {
    for (const { shards } of this.#sources.values()) for (const { silence } of shards.values()) silence.break();
  }

  /** Which source feeds which targets, as far as records went there. */
  routes(): readonly RouteReport[] {
    return [...this.#sources].flatMap(([name, { target }]) => (target === '' ? [] : [{ source: name, targets: target.split(',') }]));
  }

  #shardOf({ ingress, stream, shard: shardId }: EventOf<ShardEventType>): { readonly source: Source; readonly shard: Shard } {
    const name = `${ingress}/${stream}`;
    const source = this.#sources.get(name) ?? { shards: new Map(), records: 0, bytes: 0, target: '' };
    this.#sources.set(name, source);
    const shard = source.shards.get(shardId) ?? newShard();
    source.shards.set(shardId, shard);
    shard.silence.break();
    return { source, shard };
  }
}

const newShard = (): Shard => ({ state: 'reading', lagSeconds: 0, records: 0, bytes: 0, failure: undefined, silence: new Silence() });

const toReport = (source: string, shard: string, { state, lagSeconds, records, bytes, failure }: Shard, seconds: number): ShardReport => ({
  ...{ source, shard, state, lagSeconds },
  recordsPerSecond: perSecond(records, seconds),
  bytesPerSecond: perSecond(bytes, seconds),
  ...failure,
});
