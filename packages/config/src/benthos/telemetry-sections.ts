/** What `logger`, `metrics` and `tracer` of a Benthos file say, in the words of `sluice:`. What Sluice has not is left out by name. */
import type { ProblemLog } from '../problem/problem.ts';
import { type ConfigNode, ListNode, MapNode, ScalarNode } from '../yaml/node.ts';
import { ourLogLevel } from './log-levels.ts';
import { mapOf, retold, scalarAt } from './retold.ts';

export function logSettings(root: MapNode, log: ProblemLog): MapNode | undefined {
  const logger = root.get('logger');
  if (!(logger instanceof MapNode)) return undefined;
  const at = (name: string) => scalarAt(logger, name);
  const written = at('level');
  const level = written && ourLogLevel(written.text);
  if (written && level === undefined)
    log.warn('field.value', written.position, `\`logger.level\`: there is no level \`${written.text}\`; INFO is used, as Benthos does`);
  const format = at('format');
  const path = scalarAt(logger, 'file', 'path');
  return mapOf(logger, {
    level: written && level !== undefined ? retold(written, level) : undefined,
    format: format && retold(format, format.text),
    timestamp: at('add_timestamp'),
    names: mapOf(logger, { level: at('level_name'), time: at('timestamp_name'), message: at('message_name') }),
    fields: textsOf(logger.get('static_fields'), 'logger.static_fields', log),
    file: path?.text ? path : undefined,
  });
}

const SERVED = 'a pipeline serves Prometheus metrics at `/metrics`, where the file has a `http` section';
const SERVED_OR_PUSHED = 'the workers serve Prometheus metrics, and push them with `sluice.metrics.otlp`';

/** A Benthos file that asks for Prometheus has readers who know Benthos' names. */
export function metricsSettings(root: MapNode, isPipeline: boolean, log: ProblemLog): MapNode | undefined {
  const metrics = root.get('metrics');
  if (!(metrics instanceof MapNode)) return undefined;
  for (const { key } of metrics.entries) {
    const name = key.text;
    if (name === 'prometheus' || name === 'none' || name === 'type') continue;
    const why = name === 'mapping' ? 'metrics keep their names' : isPipeline ? SERVED : SERVED_OR_PUSHED;
    log.warn('section.ignored', key.position, `\`metrics.${name}\` is ignored: ${why}`);
  }
  const prometheus = metrics.get('prometheus');
  if (!prometheus) return undefined;
  if (isPipeline && !(root.get('http') instanceof MapNode))
    log.warn(
      'section.ignored',
      prometheus.position,
      '`metrics.prometheus` has no effect without a `http` section: it says where `/metrics` is served',
    );
  for (const { key } of prometheus instanceof MapNode ? prometheus.entries : [])
    log.warn('section.ignored', key.position, `\`metrics.prometheus.${key.text}\` has no effect: metrics have a fixed form`);
  // A pipeline has Benthos' names anyway.
  return isPipeline ? undefined : mapOf(root, { names: new ScalarNode(metrics.origin, metrics.offset, 'both', 'quoted') });
}

/** A pipeline has no metrics only where the file says `none`. */
export function countsMetrics(root: MapNode): boolean {
  const metrics = root.get('metrics');
  return !(metrics instanceof MapNode && (metrics.get('none') !== undefined || scalarAt(metrics, 'type')?.text === 'none'));
}

const COLLECTOR = 'open_telemetry_collector';

export function tracingSettings(root: MapNode, log: ProblemLog): MapNode | undefined {
  const tracer = root.get('tracer');
  if (!(tracer instanceof MapNode)) return undefined;
  for (const { key } of tracer.entries)
    if (key.text !== COLLECTOR && key.text !== 'none' && key.text !== 'type')
      log.warn('section.ignored', key.position, `\`tracer.${key.text}\` is ignored: Sluice sends traces to an \`${COLLECTOR}\``);
  const collector = tracer.get(COLLECTOR);
  if (!(collector instanceof MapNode)) return undefined;
  const ignore = (node: ConfigNode, name: string, why: string) =>
    log.warn('section.ignored', node.position, `\`tracer.${COLLECTOR}.${name}\` is ignored: ${why}`);
  for (const { key } of collector.entries)
    if (!['http', 'grpc', 'tags', 'sampling', 'service'].includes(key.text)) ignore(key, key.text, 'Sluice has nothing like it');
  const [first, ...more] = itemsOf(collector.get('http'));
  for (const node of more) ignore(node, 'http', 'traces go to the first collector only');
  for (const node of itemsOf(collector.get('grpc'))) ignore(node, 'grpc', "name the collector's port for HTTP under `http`");
  const address = scalarAt(first, 'address') ?? scalarAt(first, 'url');
  if (!address) return undefined;
  const scheme = scalarAt(first, 'secure')?.text === 'true' ? 'https' : 'http';
  const isSampling = scalarAt(collector, 'sampling', 'enabled')?.text === 'true';
  const service = scalarAt(collector, 'service');
  const tags = textsOf(collector.get('tags'), `tracer.${COLLECTOR}.tags`, log);
  return mapOf(collector, {
    endpoint: retold(address, /^https?:/.test(address.text) ? address.text : `${scheme}://${address.text}`),
    ratio: isSampling ? scalarAt(collector, 'sampling', 'ratio') : retold(address, '1', 'plain'),
    attributes: mapOf(collector, { ...(service && { 'service.name': service }), ...Object.fromEntries(entriesOf(tags)) }),
  });
}

const itemsOf = (node: ConfigNode | undefined): readonly ConfigNode[] => (node instanceof ListNode ? node.items : []);

const entriesOf = (node: MapNode | undefined): ReadonlyArray<readonly [string, ConfigNode]> =>
  node?.entries.map(({ key, value }) => [key.text, value] as const) ?? [];

/** The values of a map that are texts or numbers. */
function textsOf(node: ConfigNode | undefined, path: string, log: ProblemLog): MapNode | undefined {
  if (!(node instanceof MapNode)) return undefined;
  const isText = ({ value }: { readonly value: ConfigNode }) => value instanceof ScalarNode;
  for (const { key } of node.entries.filter((entry) => !isText(entry)))
    log.warn('section.ignored', key.position, `\`${path}.${key.text}\` is ignored: expected a text`);
  return new MapNode(node.origin, node.offset, node.entries.filter(isText));
}
