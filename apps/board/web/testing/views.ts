import type { Kind } from '../fixture/installation.ts';

export interface ViewOfTest {
  readonly kind: Kind;
  readonly hash: string;
  /** What its heading contains. */
  readonly heading: string;
}

const DEPARTURES = encodeURIComponent('output/departures');
const FLIGHTS = encodeURIComponent('flights/flights-live');
const CLICKS = encodeURIComponent('clicks/clickstream');

/** Every page, over installations that show all that it can show. */
export const VIEWS: readonly ViewOfTest[] = [
  { kind: 'empty', hash: '#/', heading: 'Nothing runs here yet' },
  { kind: 'empty', hash: '#/streams', heading: 'Streams' },
  { kind: 'empty', hash: '#/dead-letters', heading: 'Dead letters' },
  { kind: 'small', hash: '#/', heading: 'Everything flows' },
  { kind: 'large', hash: '#/', heading: 'behind in 11 of 1,000 shards' },
  { kind: 'large', hash: `#/streams/${CLICKS}`, heading: 'clickstream' },
  { kind: 'large', hash: `#/targets/${encodeURIComponent('output/enriched-clicks')}`, heading: 'output/enriched-clicks' },
  { kind: 'broken', hash: '#/', heading: 'flights/flights-live' },
  { kind: 'broken', hash: '#/streams', heading: 'Streams' },
  { kind: 'broken', hash: `#/streams/${FLIGHTS}`, heading: 'flights-live' },
  { kind: 'broken', hash: `#/streams/${FLIGHTS}/shardId-000000000001`, heading: 'Shard 1' },
  { kind: 'broken', hash: '#/targets', heading: 'Targets' },
  { kind: 'broken', hash: `#/targets/${DEPARTURES}`, heading: 'output/departures' },
  { kind: 'broken', hash: `#/targets/${encodeURIComponent('com.example/greeter')}`, heading: 'com.example/greeter' },
  { kind: 'broken', hash: `#/targets/${DEPARTURES}/lanes/3`, heading: 'Lane 3' },
  { kind: 'broken', hash: `#/targets/${DEPARTURES}/lanes/3/18240`, heading: 'Job 18240' },
  { kind: 'broken', hash: '#/workers', heading: 'Workers' },
  { kind: 'broken', hash: '#/workers/egress-worker-1', heading: 'egress-worker-1' },
  { kind: 'broken', hash: `#/dead-letters/${DEPARTURES}`, heading: 'Dead letters' },
  { kind: 'broken', hash: `#/dead-letters/${DEPARTURES}/5f3a9c21-0`, heading: 'Dead letter' },
  { kind: 'broken', hash: '#/audit', heading: 'Audit log' },
  { kind: 'broken', hash: '#/nowhere', heading: 'Not found' },
];
