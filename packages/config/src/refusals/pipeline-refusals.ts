/**
 * Which settings of Sluice a pipeline in one process honours. Everything else that is set is refused by name: a setting that is added to
 * the schema is refused until it stands here.
 */
import type { SourcePosition } from '../model/position.ts';
import { type Problem, ProblemLog } from '../problem/problem.ts';
import { settingsSchema } from '../settings/schema.ts';
import type { MapNode } from '../yaml/node.ts';
import { givenLeaves } from './given-leaves.ts';

/** `*` stands for any name. */
const HONOURED: readonly string[] = [
  'ordering',
  'quotas',
  'aggregation',
  'aggregate.max_count',
  'aggregate.max_bytes',
  'egresses.*.stream',
  'egresses.*.ordering',
  'egresses.*.aggregation',
  'egresses.*.aggregate.max_count',
  'egresses.*.aggregate.max_bytes',
  'egresses.*.oversize.s3.bucket',
  'egresses.*.oversize.s3.prefix',
  'egresses.*.oversize.s3.endpoint',
  'egresses.*.oversize.s3.force_path_style_urls',
  'log.level',
  'log.format',
  'log.timestamp',
  'log.names.level',
  'log.names.time',
  'log.names.message',
  'log.fields.*',
  'log.file',
  'log.repeats',
  'metrics.names',
  'metrics.otlp.endpoint',
  'metrics.otlp.headers.*',
  'metrics.otlp.interval',
  'tracing.endpoint',
  'tracing.headers.*',
  'tracing.ratio',
  'tracing.attributes.*',
  'commands.allowed',
  'commands.timeout',
  'commands.max_output',
  'shutdown.delay',
  'shutdown.timeout',
];

/** Why what stands below has no meaning there. */
const REASONS: Readonly<Record<string, string>> = {
  redis: 'it keeps nothing in Redis; caches and rate limits name theirs in the Benthos file',
  lanes: 'its records pass no lanes',
  'egresses.*.lanes': 'its records pass no lanes',
  'aggregate.max_wait': 'the `batching` of its output says how long messages wait',
  'egresses.*.aggregate.max_wait': 'the `batching` of its output says how long messages wait',
  fan_out: 'it does not read Kinesis with workers that share shards out',
  ingresses: 'it reads by the input of its Benthos file, from where that says',
  backpressure: 'it has no backlog: its input waits for its output',
  lease: 'it leases nothing',
  host: '`http.address` of the Benthos file says where it listens',
  ports: '`http.address` of the Benthos file says where it listens',
  board: 'the board does not show it',
  watcher: 'it loads its file once; restart it after a change',
  dead_letters: 'what it cannot deliver goes back to its input, or where a `fallback` output sends it',
  functions: 'it calls no functions',
  http_ingress: 'it calls no functions; an `http_server` input takes messages',
};

/** Values that are refused of what is honoured otherwise, and why. */
const REFUSED_VALUES: Readonly<Record<string, string>> = {
  'ordering: shard': 'its messages come from no shard; each key keeps its order',
  'egresses.*.ordering: shard': 'its messages come from no shard; each key keeps its order',
};

/** @param pattern the path of a field below `sluice`, with `*` for names of the user's */
export const isHonouredByPipelines = (pattern: string): boolean => HONOURED.includes(pattern);

/** @param given what is set below `sluice`, without what other sections imply */
export function pipelineRefusals(given: MapNode): readonly Problem[] {
  const log = new ProblemLog();
  for (const { path, pattern, text, position } of givenLeaves(settingsSchema, given)) {
    const refused = REFUSED_VALUES[`${pattern}: ${text}`];
    if ((isHonouredByPipelines(pattern) && refused === undefined) || isOfOthers(position)) continue;
    const [what, why] = refused === undefined ? [path, because(pattern)] : [`${path}: ${text}`, `: ${refused}`];
    log.error(
      'worker.unsupported',
      position,
      `\`sluice.${what}\` has no effect in a pipeline in one process${why}; remove it, or give it only to workers`,
    );
  }
  return log.problems;
}

/** `REDIS_URL` and the like may be set for other programs. */
const isOfOthers = ({ file }: SourcePosition): boolean => file.startsWith('$') && !file.startsWith('$SLUICE_');

function because(pattern: string): string {
  const prefix = Object.keys(REASONS).find((path) => pattern === path || pattern.startsWith(`${path}.`));
  return prefix === undefined ? '' : `: ${REASONS[prefix]}`;
}
