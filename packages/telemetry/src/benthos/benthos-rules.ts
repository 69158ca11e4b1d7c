/** What Benthos counts, under its names and with its labels, from the same events as our own metrics. */
import type { EventType } from '../events/events.ts';

export interface BenthosRule {
  /** The field that names the component: an ingress is an input, an egress an output, a processor has its path. */
  readonly component: 'ingress' | 'egress' | 'processor';
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

export const benthosRules: { readonly [Type in EventType]?: BenthosRule } = {
  'records.read': { component: 'ingress', metrics: [counter('input_received', 'Messages that an input received.', 'records')] },
  'page.enqueued': {
    component: 'ingress',
    metrics: [latency('input_latency_ns', 'Time from reading messages until they are acknowledged, here: until they are in Redis.')],
  },
  'stream.opened': { component: 'ingress', metrics: [counter('input_connection_up', 'Times that an input connected.')] },
  'stream.failed': { component: 'ingress', metrics: [counter('input_connection_failed', 'Times that an input could not connect.')] },
  'read.failed': {
    component: 'ingress',
    metrics: [counter('input_connection_lost', 'Times that an input lost its connection, here: failed reads.')],
  },
  'egress.opened': { component: 'egress', metrics: [counter('output_connection_up', 'Times that an output connected.')] },
  'egress.recovered': { component: 'egress', metrics: [counter('output_connection_up', 'Times that an output connected.')] },
  'egress.waiting': { component: 'egress', metrics: [counter('output_connection_failed', 'Times that an output could not connect.')] },
  'egress.failing': { component: 'egress', metrics: [counter('output_connection_lost', 'Times that an output lost its connection.')] },
  'request.answered': {
    component: 'egress',
    metrics: [
      counter('output_sent', 'Messages that an output sent.', 'written'),
      counter('output_batch_sent', 'Batches that an output sent.'),
      latency('output_latency_ns', 'Time that an output took for a batch.'),
    ],
  },
  'request.failed': { component: 'egress', metrics: [counter('output_error', 'Batches that an output failed for.')] },
  'record.deadLettered': {
    component: 'egress',
    metrics: [counter('output_rejected', 'Messages that an output refused, here: dead letters.')],
  },
  'batch.flushed': {
    component: 'egress',
    below: '.batching',
    metrics: [
      {
        ...counter('batch_created', 'Batches by what made them leave.'),
        labels: ['mechanism'],
        known: { mechanism: ['count', 'size', 'check', 'period'] },
      },
    ],
  },
  'processor.ran': {
    component: 'processor',
    metrics: [
      counter('processor_received', 'Messages that a processor got.', 'received'),
      counter('processor_batch_received', 'Batches that a processor got.'),
      counter('processor_sent', 'Messages that a processor made.', 'sent'),
      counter('processor_batch_sent', 'Batches that a processor made.', 'batches'),
      latency('processor_latency_ns', 'Time that a processor took for a batch.'),
    ],
  },
  'processing.failed': { component: 'processor', metrics: [counter('processor_error', 'Messages that a processor failed for.')] },
};
