/**
 * Packs records of one key into records of the Kinesis Producer Library's format, so that many small records cost the shard one.
 *
 * A container holds one partition key only and is sent under it. So the service routes it as it would its records, a reshard cannot
 * misplace any of them, and all of them succeed or fail together: their order holds, whatever the ordering mode.
 */
import { Aggregator } from '@sluice/kinesis';
import { MessageAck } from './message-ack.ts';
import { RecordInHand } from './record-in-hand.ts';

export interface AggregationRules {
  /** Records in one container. */
  readonly maxRecords: number;
  /** Bytes of one container with its key. */
  readonly maxBytes: number;
}

export class RecordAggregation {
  readonly #rules: AggregationRules;
  readonly #limit: { readonly bytes: number };

  /** @param limit the stream's own for data and key */
  constructor(rules: AggregationRules, limit: { readonly bytes: number }) {
    this.#rules = rules;
    this.#limit = limit;
  }

  /** Records whose keys are set, in their order; answers the same records, packed where several share a key. */
  run(batch: readonly RecordInHand[]): RecordInHand[] {
    const { maxRecords, maxBytes } = this.#rules;
    const rules = { maxRecords, maxBytes: Math.min(maxBytes, this.#limit.bytes) };
    const packs: Pack[] = [];
    const newest = new Map<string, Pack>();
    for (const record of batch) {
      if (newest.get(record.partitionKey)?.add(record)) continue;
      const pack = new Pack(record, rules);
      packs.push(pack);
      newest.set(record.partitionKey, pack);
    }
    return packs.map((pack) => pack.seal());
  }
}

/** Records of one key, of one lane, for one container. */
class Pack {
  readonly #first: RecordInHand;
  readonly #records: RecordInHand[] = [];
  readonly #maxRecords: number;
  readonly #container: Aggregator;

  constructor(first: RecordInHand, { maxRecords, maxBytes }: AggregationRules) {
    this.#first = first;
    this.#maxRecords = maxRecords;
    this.#container = new Aggregator(first.partitionKey, first.explicitHashKey, maxBytes);
    // A first record that is too large for any container still leaves, alone and plain.
    if (!this.add(first)) this.#records.push(first);
  }

  add(record: RecordInHand): boolean {
    if (record.owner !== this.#first.owner || record.explicitHashKey !== this.#first.explicitHashKey) return false;
    if (this.#records.length >= this.#maxRecords || this.#records.length > this.#container.count) return false;
    if (!this.#container.add(record.data)) return false;
    this.#records.push(record);
    return true;
  }

  /** One record leaves as it is; several leave as one that stands for them. */
  seal(): RecordInHand {
    if (this.#records.length === 1) return this.#first;
    const { owner, partitionKey, explicitHashKey } = this.#first;
    const content = this.#container.toBytes();
    const container = RecordInHand.inPlaceOf(this.#records, { content, metadata: {} }, owner, new MessageAck(this.#records));
    container.partitionKey = partitionKey;
    container.explicitHashKey = explicitHashKey;
    container.byteSize = content.byteLength + Buffer.byteLength(partitionKey);
    container.count = this.#records.length;
    return container;
  }
}
