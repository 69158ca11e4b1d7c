import type { LogLevel } from '@sluice/core';
import type { z } from 'zod';
import type { ProblemLog } from '../problem/problem.ts';
import { MapNode } from '../yaml/node.ts';
import type { benthosSchema } from './schema/root.ts';

/** What the sections around a stream say about the process; `sluice:` settings win over them. */
export interface ServiceHints {
  readonly host?: string;
  readonly egressWorkerPort?: number;
  readonly logLevel?: LogLevel;
  readonly logFormat?: 'json' | 'pretty';
  readonly shutdownDelayMs?: number;
  readonly shutdownTimeoutMs?: number;
}

const LEVELS: Readonly<Record<string, LogLevel>> = {
  OFF: 'error',
  NONE: 'error',
  FATAL: 'error',
  ERROR: 'error',
  WARN: 'warn',
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
  metrics: ['prometheus', 'none', 'mapping'],
};

/** Fields with an effect, by section; any other one that is set is warned about. */
const HONOURED: Readonly<Record<string, readonly string[]>> = {
  http: ['address', 'enabled'],
  logger: ['level', 'format', 'add_timestamp'],
  pipeline: ['processors'],
  error_handling: ['strict'],
};

export function compileService(root: MapNode, value: z.output<typeof benthosSchema> | undefined, log: ProblemLog): ServiceHints {
  warnAboutIgnored(root, log);
  const { http, logger } = value ?? {};
  const address =
    http && root.get('http') instanceof MapNode && (root.get('http') as MapNode).get('address')
      ? /^(.*):(\d{1,5})$/.exec(http.address)
      : undefined;
  if (http && address === null)
    log.error('field.value', root.get('http')!.position, `\`http.address\`: expected \`host:port\`, got \`${http.address}\``);
  return {
    ...(address && { host: address[1] || '0.0.0.0', egressWorkerPort: Number(address[2]) }),
    ...(logger && { logLevel: LEVELS[logger.level]!, logFormat: logger.format === 'json' ? 'json' : 'pretty' }),
    ...(value && root.get('shutdown_delay') && { shutdownDelayMs: value.shutdown_delay }),
    ...(value && root.get('shutdown_timeout') && { shutdownTimeoutMs: value.shutdown_timeout }),
  };
}

function warnAboutIgnored(root: MapNode, log: ProblemLog): void {
  for (const { key, value } of root.entries) {
    const name = key.text;
    const names = value instanceof MapNode ? value.entries.map((entry) => entry.key.text) : [];
    const isHarmless = HARMLESS[name] !== undefined && names.every((kind) => HARMLESS[name]!.includes(kind) || kind === 'type');
    const isEmptyList = value.kind === 'list' && value.items.length === 0;
    if (name === 'metrics' && !isHarmless) {
      log.warn(
        'section.ignored',
        key.position,
        `\`metrics\` of kind ${names.map((kind) => `\`${kind}\``).join(', ')} is ignored: the workers serve Prometheus metrics`,
      );
    } else if (IGNORED[name] && !isHarmless && !isEmptyList) {
      log.warn('section.ignored', key.position, `\`${name}\` is ignored: ${IGNORED[name]}`);
    }
    if (HONOURED[name] && value instanceof MapNode) warnAboutFields(name, value, HONOURED[name], log);
  }
}

function warnAboutFields(section: string, node: MapNode, honoured: readonly string[], log: ProblemLog): void {
  const ignored = node.entries.filter(({ key }) => !honoured.includes(key.text));
  for (const { key } of ignored) log.warn('section.ignored', key.position, `\`${section}.${key.text}\` has no effect in Sluice`);
}
