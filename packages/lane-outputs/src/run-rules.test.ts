import { compileConfig } from '@sluice/config';
import { expect, it } from 'vitest';
import { runRulesOf } from './run-rules.ts';

const ARCHIVE = 'processors: [{mapping: root = this}, {archive: {format: lines}}]';
const HTTP = 'url: "http://h"';
const SQS = 'aws_sqs: {url: "https://sqs.eu-west-1.amazonaws.com/1/q"}';
const FIFO = 'aws_sqs: {url: "https://sqs.eu-west-1.amazonaws.com/1/q.fifo", message_group_id: g}';
const ONE = { maxRecords: 1, isOneDelivery: false };

it.each([
  ['stdout: {}', ONE],
  ['broker: {outputs: [{drop: {}}, {aws_kinesis: {stream: s, partition_key: k}}]}', { maxRecords: 500, isOneDelivery: false }],
  [`fallback: [{aws_kinesis: {stream: s, partition_key: k}}, {${SQS}}]`, { maxRecords: 500, isOneDelivery: false }],
  [`fallback: [{aws_kinesis: {stream: s, partition_key: k}}, {${FIFO}}]`, ONE],
  ['aws_s3: {bucket: b}', ONE],
  [
    `aws_s3: {bucket: b, batching: {count: 20, ${ARCHIVE.replace(']', ', {compress: {algorithm: gzip}}]')}}}`,
    { maxRecords: 20, isOneDelivery: true },
  ],
  [`http_client: {${HTTP}, batching: {count: 20}}`, ONE],
  [`http_client: {${HTTP}, batch_as_multipart: true}`, ONE],
  [
    `http_client: {${HTTP}, batch_as_multipart: true, batching: {count: 20}}`,
    { maxRecords: 20, maxBytes: 1024 * 1024, isOneDelivery: true },
  ],
  [
    `http_client: {${HTTP}, batching: {period: 1s, byte_size: 5000, ${ARCHIVE}}}`,
    { maxRecords: 500, maxBytes: 5_000, isOneDelivery: true },
  ],
  [
    `broker: {outputs: [{file: {path: x}}, {http_client: {${HTTP}}}], batching: {count: 3, ${ARCHIVE}}}`,
    { maxRecords: 3, isOneDelivery: true },
  ],
  [`broker: {outputs: [{file: {path: x}, processors: [{noop: {}}]}], batching: {count: 3, ${ARCHIVE}}}`, ONE],
  [`switch: {cases: [{output: {http_client: {${HTTP}, batching: {count: 3, ${ARCHIVE}}}}}]}`, ONE],
])('what may be handed on of a key to %s', (output, expected) => {
  const text = `input: {aws_kinesis: {streams: [a]}}\noutput: {label: out, ${output}}\n`;
  const { config } = compileConfig([{ name: 'c.yaml', text }], { env: {} });
  expect(runRulesOf(config.outputs[0]!.output)).toMatchObject(expected);
});
