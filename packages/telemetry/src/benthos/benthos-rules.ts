/** What Benthos counts, under its names and with its labels, from the same events as our own metrics. */
import type { EventType } from '../events/events.ts';

export interface BenthosRule {
  /**
   * The field that names the component: an ingress is an input, an egress an output. A processor has its path, and so has everything in a
   * pipeline; a cache and a rate limit have their label.
   */
  readonly component: 'ingress' | 'egress' | 'processor' | 'input' | 'output' | 'batching' | 'buffer' | 'cache' | 'rateLimit';
  readonly metrics: readonly BenthosMetric[];
  /** Behind the path of the component. */
  readonly below?: '.batching';
}

export interface BenthosMetric {
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'summary';
  /** Beside `label` and `path`. */
  readonly labels?: readonly string[];
  readonly known?: Readonly<Record<string, readonly string[]>>;
  /** The field that holds the amount; events are counted where absent. */
  readonly amount?: string;
  readonly scale?: number;
}

const NANOSECONDS = 1e9;
const counter = (name: string, help: string, amount?: string): BenthosMetric => ({
  ...{ name, help, kind: 'counter' },
  ...(amount !== undefined && { amount }),
});
const latency = (name: string, help: string): BenthosMetric => ({ name, help, kind: 'summary', amount: 'seconds', scale: NANOSECONDS });

const opened = counter('input_connection_up', 'Times that an input connected.');
const openFailed = counter('input_connection_failed', 'Times that an input could not connect.');
const lost = counter('input_connection_lost', 'Times that an input lost its connection, here: failed reads.');
const received = counter('input_received', 'Messages that an input received.', 'records');
const readLatency = latency(
  'input_latency_ns',
  'Time from reading messages until they are acknowledged: with lanes until they are in Redis, in a pipeline until they are delivered.',
);
const connected = counter('output_connection_up', 'Times that an output connected.');
const notConnected = counter('output_connection_failed', 'Times that an output could not connect.');
const sent = counter('output_sent', 'Messages that an output sent.', 'written');
const sentBatch = counter('output_batch_sent', 'Batches that an output sent.');
const writeLatency = latency('output_latency_ns', 'Time that an output took for a batch.');
const failed = counter('output_error', 'Batches that an output failed for.');
const created: BenthosMetric = {
  ...counter('batch_created', 'Batches by what made them leave.'),
  labels: ['mechanism'],
  known: { mechanism: ['count', 'size', 'check', 'period'] },
};
const processed = [
  counter('processor_received', 'Messages that a processor got.', 'received'),
  counter('processor_batch_received', 'Batches that a processor got.'),
  counter('processor_sent', 'Messages that a processor made.', 'sent'),
  counter('processor_batch_sent', 'Batches that a processor made.', 'batches'),
  latency('processor_latency_ns', 'Time that a processor took for a batch.'),
];
const unprocessed = counter('processor_error', 'Messages that a processor failed for.');

const ofCache = (name: string, help: string, ...operations: readonly string[]): BenthosMetric => ({
  ...counter(name, help),
  labels: ['operation'],
  known: { operation: operations },
});
const OPERATIONS = ['get', 'set', 'add', 'delete'];
const cacheLatency: BenthosMetric = { ...latency('cache_latency_ns', 'Time that an operation of a cache took.'), labels: ['operation'] };

export const benthosRules: { readonly [Type in EventType]?: BenthosRule } = {
  'records.read': { component: 'ingress', metrics: [received] },
  'page.enqueued': { component: 'ingress', metrics: [readLatency] },
  'stream.opened': { component: 'ingress', metrics: [opened] },
  'stream.failed': { component: 'ingress', metrics: [openFailed] },
  'read.failed': { component: 'ingress', metrics: [lost] },
  'egress.opened': { component: 'egress', metrics: [connected] },
  'egress.recovered': { component: 'egress', metrics: [connected] },
  'egress.waiting': { component: 'egress', metrics: [notConnected] },
  'egress.failing': { component: 'egress', metrics: [counter('output_connection_lost', 'Times that an output lost its connection.')] },
  'request.answered': { component: 'egress', metrics: [sent, sentBatch, writeLatency] },
  'request.failed': { component: 'egress', metrics: [failed] },
  'record.deadLettered': {
    component: 'egress',
    metrics: [counter('output_rejected', 'Messages that an output refused, here: dead letters.')],
  },
  'batch.flushed': { component: 'egress', below: '.batching', metrics: [created] },
  'processor.ran': { component: 'processor', metrics: processed },
  'processing.failed': { component: 'processor', metrics: [unprocessed] },
  'input.opened': { component: 'input', metrics: [opened] },
  'input.openFailed': { component: 'input', metrics: [openFailed] },
  'input.lost': { component: 'input', metrics: [lost] },
  'input.received': { component: 'input', metrics: [received] },
  'input.settled': { component: 'input', metrics: [readLatency] },
  'output.opened': { component: 'output', metrics: [connected] },
  'output.openFailed': { component: 'output', metrics: [notConnected] },
  'output.wrote': { component: 'output', metrics: [sent, sentBatch, writeLatency] },
  'output.wrotePart': { component: 'output', metrics: [sent] },
  'output.failed': { component: 'output', metrics: [failed] },
  'batch.created': { component: 'batching', below: '.batching', metrics: [created] },
  'cache.succeeded': {
    component: 'cache',
    metrics: [ofCache('cache_success', 'Operations of a cache that succeeded.', ...OPERATIONS), cacheLatency],
  },
  'cache.failed': {
    component: 'cache',
    metrics: [ofCache('cache_error', 'Operations of a cache that failed.', ...OPERATIONS), cacheLatency],
  },
  'cache.notFound': {
    component: 'cache',
    metrics: [ofCache('cache_not_found', 'Keys that a cache did not have.', 'get'), cacheLatency],
  },
  'cache.duplicate': {
    component: 'cache',
    metrics: [ofCache('cache_duplicate', 'Keys to be added that a cache had already.', 'add'), cacheLatency],
  },
  'rateLimit.checked': { component: 'rateLimit', metrics: [counter('rate_limit_checked', 'Times that a rate limit was asked.')] },
  'rateLimit.triggered': {
    component: 'rateLimit',
    metrics: [counter('rate_limit_triggered', 'Times that a rate limit had no place left.')],
  },
  'rateLimit.failed': { component: 'rateLimit', metrics: [counter('rate_limit_error', 'Times that a rate limit could not be asked.')] },
  'buffer.received': {
    component: 'buffer',
    metrics: [
      counter('buffer_received', 'Messages that a buffer received.', 'records'),
      counter('buffer_batch_received', 'Batches that a buffer received.'),
    ],
  },
  'buffer.sent': {
    component: 'buffer',
    metrics: [
      counter('buffer_sent', 'Messages that a buffer sent.', 'records'),
      counter('buffer_batch_sent', 'Batches that a buffer sent.'),
    ],
  },
  'buffer.settled': {
    component: 'buffer',
    metrics: [latency('buffer_latency_ns', 'Time from a batch leaving a buffer until it is acknowledged.')],
  },
  'processor.processed': { component: 'processor', metrics: processed },
  'processor.failed': { component: 'processor', metrics: [unprocessed] },
};
