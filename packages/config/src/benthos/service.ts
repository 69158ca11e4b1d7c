import type { LogLevel } from '@sluice/core';
import type { z } from 'zod';
import type { ProblemLog } from '../problem/problem.ts';
import { type ConfigNode, MapNode, ScalarNode } from '../yaml/node.ts';
import { ownValue } from '../yaml/own-value.ts';
import type { benthosSchema } from './schema/root.ts';

const LEVELS: Readonly<Record<string, LogLevel>> = {
  OFF: 'error',
  NONE: 'error',
  FATAL: 'error',
  ERROR: 'error',
  WARN: 'warn',
  WARNING: 'warn',
  INFO: 'info',
  DEBUG: 'debug',
  TRACE: 'debug',
  ALL: 'debug',
};

/** Why a section has no effect here. */
const IGNORED: Readonly<Record<string, string>> = {
  buffer: 'the lanes in Redis are the buffer',
  cache_resources: 'nothing that Sluice supports uses a cache',
  rate_limit_resources: 'nothing that Sluice supports uses a rate limit',
  scanner_resources: 'nothing that Sluice supports uses a scanner',
  tracer: 'Sluice sends no traces',
};

/** Kinds of these sections that ask for nothing, or for what Sluice does anyway. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  buffer: ['none'],
  tracer: ['none'],
  metrics: ['prometheus', 'none'],
};

/**
 * What the sections around a stream say about the process, in the words of `sluice:`, each value at its place in the Benthos
 * file. Settings of Sluice win over them.
 */
export function serviceSettings(root: MapNode, value: z.output<typeof benthosSchema> | undefined, log: ProblemLog): MapNode | undefined {
  warnAboutIgnored(root, log);
  if (!value) return undefined;
  const at = (...path: readonly string[]): ScalarNode | undefined => {
    const node = path.reduce<ConfigNode | undefined>((below, name) => (below instanceof MapNode ? below.get(name) : undefined), root);
    return node instanceof ScalarNode ? node : undefined;
  };
  const address = at('http', 'address');
  const [, host, port] = /^(.*):(\d{1,5})$/.exec(address?.text ?? '') ?? [];
  if (address && port === undefined)
    log.error('field.value', address.position, `\`http.address\`: expected \`host:port\`, got \`${address.text}\``);
  const level = at('logger', 'level');
  const format = at('logger', 'format');
  return mapOf(root, {
    host: port !== undefined ? retold(address!, host || '0.0.0.0') : undefined,
    ports: mapOf(root, { egress_worker: port !== undefined ? retold(address!, port, 'plain') : undefined }),
    log: mapOf(root, {
      level: level && retold(level, LEVELS[value.logger?.level ?? 'INFO'] ?? 'info'),
      format: format && retold(format, value.logger?.format === 'json' ? 'json' : 'pretty'),
    }),
    shutdown: mapOf(root, { delay: at('shutdown_delay'), timeout: at('shutdown_timeout') }),
  });
}

/** The same place, in our words. */
const retold = (node: ScalarNode, text: string, style: 'plain' | 'quoted' = 'quoted'): ScalarNode =>
  new ScalarNode(node.origin, node.offset, text, style);

function mapOf({ origin, offset }: MapNode, fields: Readonly<Record<string, ConfigNode | undefined>>): MapNode | undefined {
  const entries = Object.entries(fields).flatMap(([name, value]) =>
    value ? [{ key: new ScalarNode(origin, value.offset, name, 'quoted'), value }] : [],
  );
  return entries.length > 0 ? new MapNode(origin, offset, entries) : undefined;
}

function warnAboutIgnored(root: MapNode, log: ProblemLog): void {
  for (const { key, value } of root.entries) {
    const name = key.text;
    const names = value instanceof MapNode ? value.entries.map((entry) => entry.key.text) : [];
    const harmless = ownValue(HARMLESS, name);
    const isHarmless = harmless !== undefined && names.every((kind) => harmless.includes(kind) || kind === 'type');
    const ignored = ownValue(IGNORED, name);
    const isEmptyList = value.kind === 'list' && value.items.length === 0;
    if (name === 'metrics' && !isHarmless) {
      log.warn(
        'section.ignored',
        key.position,
        `\`metrics\` of kind ${names.map((kind) => `\`${kind}\``).join(', ')} is ignored: the workers serve Prometheus metrics`,
      );
    } else if (ignored && !isHarmless && !isEmptyList) {
      log.warn('section.ignored', key.position, `\`${name}\` is ignored: ${ignored}`);
    }
  }
}
