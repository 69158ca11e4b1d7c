import { parseGoDuration } from '@sluice/core';
import type { z } from 'zod';
import type { ProblemLog } from '../problem/problem.ts';
import { describeNode, MapNode, type ScalarNode } from '../yaml/node.ts';
import { ownValue } from '../yaml/own-value.ts';
import { mapOf, retold, scalarAt } from './retold.ts';
import type { benthosSchema } from './schema/root.ts';
import { logSettings, metricsSettings, tracingSettings } from './telemetry-sections.ts';

/** Why a section has no effect here. */
const IGNORED: Readonly<Record<string, string>> = {
  buffer: 'the lanes in Redis are the buffer',
  scanner_resources: 'nothing that Sluice supports uses a scanner',
};

/** Kinds of these sections that ask for nothing. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  buffer: ['none'],
};

/**
 * What the sections around a stream say about the process, in the words of `sluice:`, each value at its place in the Benthos
 * file. Settings of Sluice win over them.
 */
export function serviceSettings(
  root: MapNode,
  value: z.output<typeof benthosSchema> | undefined,
  isPipeline: boolean,
  log: ProblemLog,
): MapNode | undefined {
  warnAboutIgnored(root, isPipeline, log);
  if (!value) return undefined;
  const at = (...path: readonly string[]) => scalarAt(root, ...path);
  const address = at('http', 'address');
  const [, host, port] = /^(.*):(\d{1,5})$/.exec(address?.text ?? '') ?? [];
  if (address && port === undefined)
    log.error('field.value', address.position, `\`http.address\`: expected \`host:port\`, got \`${address.text}\``);
  return mapOf(root, {
    host: port !== undefined ? retold(address!, host || '0.0.0.0') : undefined,
    ports: mapOf(root, { egress_worker: port !== undefined ? retold(address!, port, 'plain') : undefined }),
    log: logSettings(root, log),
    metrics: metricsSettings(root, isPipeline, log),
    tracing: tracingSettings(root, log),
    shutdown: mapOf(root, { delay: at('shutdown_delay'), timeout: shutdownTimeout(at('shutdown_timeout'), log) }),
  });
}

/** Shortest time in which a worker can stop. */
const LEAST_TIMEOUT_MS = 100;

/** Benthos starts with any text here. */
function shutdownTimeout(node: ScalarNode | undefined, log: ProblemLog): ScalarNode | undefined {
  if (!node) return undefined;
  const milliseconds = parseGoDuration(node.text);
  if (milliseconds !== undefined) return milliseconds < LEAST_TIMEOUT_MS ? retold(node, `${LEAST_TIMEOUT_MS}ms`) : node;
  log.warn('field.value', node.position, `\`shutdown_timeout\`: ${describeNode(node)} is no duration such as \`20s\`; 20s is used`);
  return undefined;
}

function warnAboutIgnored(root: MapNode, isPipeline: boolean, log: ProblemLog): void {
  for (const { key, value } of root.entries) {
    const name = key.text;
    const names = value instanceof MapNode ? value.entries.map((entry) => entry.key.text) : [];
    const harmless = ownValue(HARMLESS, name);
    const isHarmless = harmless !== undefined && names.every((kind) => harmless.includes(kind) || kind === 'type');
    const ignored = isPipeline && name === 'buffer' ? undefined : ownValue(IGNORED, name);
    const isEmptyList = value.kind === 'list' && value.items.length === 0;
    if (ignored && !isHarmless && !isEmptyList) log.warn('section.ignored', key.position, `\`${name}\` is ignored: ${ignored}`);
  }
}
