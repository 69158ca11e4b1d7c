/**
 * Which settings have an effect on outputs behind lanes that are not `aws_kinesis`, on `aws_kinesis` outputs inside of them, and where
 * there is no `aws_kinesis` output at all. Every other one that is set for them is refused by name: a setting of an egress that is added to the
 * schema is refused until it stands here.
 */
import type { EgressDraft } from '../model/egress-draft.ts';
import { egressesIn } from '../model/nested-components.ts';
import type { OutputEgressDraft } from '../model/output-egress.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { egressOverrideSchema, settingsSchema } from '../settings/schema.ts';
import { type ConfigNode, MapNode } from '../yaml/node.ts';
import { type GivenLeaf, givenLeaves } from './given-leaves.ts';

export interface WritingParts {
  readonly egresses: readonly EgressDraft[];
  readonly outputs: readonly OutputEgressDraft[];
  readonly pipelines: readonly Pipeline[];
}

const OF_OUTPUTS: readonly string[] = ['lanes', 'ordering'];

const OF_PARTS: readonly string[] = [
  'stream',
  'ordering',
  'aggregation',
  'aggregate.max_count',
  'aggregate.max_bytes',
  'oversize.s3.bucket',
  'oversize.s3.prefix',
  'oversize.s3.endpoint',
  'oversize.s3.force_path_style_urls',
];

/** General settings of writing to Kinesis, and the values of them that ask for nothing. */
const OF_STREAMS: Readonly<Record<string, readonly string[]>> = {
  aggregation: ['auto', 'off'],
  'aggregate.max_count': [],
  'aggregate.max_bytes': [],
  'aggregate.max_wait': [],
};

/** Refuses what is set in vain. @param settings what stands under `sluice` */
export function refuseForOutputs(parts: WritingParts, settings: MapNode, log: ProblemLog): void {
  const { egresses, outputs, pipelines } = parts;
  for (const output of outputs) {
    refuseForOutput(output, settings, log);
    const ownIds = new Set(egresses.map(({ id }) => id));
    for (const id of new Set(egressesIn(output).map((part) => part.id))) if (!ownIds.has(id)) refuseForPart(id, output, settings, log);
  }
  refuseSharedIds(parts, settings, log);
  const writesNoStream = egresses.length === 0 && [...outputs, ...pipelines].every((each) => egressesIn(each).length === 0);
  if (outputs.length + pipelines.length > 0 && writesNoStream) refuseForStreams(parts, settings, log);
}

function refuseForOutput({ id, output }: OutputEgressDraft, settings: MapNode, log: ProblemLog): void {
  for (const { path, pattern, position } of leavesOf(id, settings))
    if (!OF_OUTPUTS.includes(pattern))
      log.error(
        'field.value',
        position,
        `\`egresses."${id}".${path}\` is a setting of an \`aws_kinesis\` output, and this one is \`${output.type}\`; it takes ${OF_OUTPUTS.map((name) => `\`${name}\``).join(', ')}`,
      );
}

function refuseForPart(id: string, { id: outer }: OutputEgressDraft, settings: MapNode, log: ProblemLog): void {
  for (const { path, pattern, text, position } of leavesOf(id, settings)) {
    const isOfLines = pattern === 'ordering' && text === 'shard';
    if (OF_PARTS.includes(pattern) && !isOfLines) continue;
    const what = isOfLines ? `${path}: shard` : path;
    log.error('field.value', position, `\`egresses."${id}".${what}\` has no effect${whyNot(pattern, id, outer)}`);
  }
}

function whyNot(pattern: string, id: string, outer: string): string {
  if (pattern === 'lanes') return `: \`${id}\` is a part of \`${outer}\`, which has the lanes; set \`egresses."${outer}".lanes\``;
  if (pattern === 'ordering')
    return `: \`${id}\` is a part of \`${outer}\`, whose records come from shards; set \`egresses."${outer}".ordering\``;
  return pattern === 'aggregate.max_wait' ? ': the `batching` of the output says how long its records wait; set that' : '';
}

/** Outputs without labels have one id: a setting that is meant for one of them would hold for all. */
function refuseSharedIds({ egresses, outputs, pipelines }: WritingParts, settings: MapNode, log: ProblemLog): void {
  const own = settings.get('egresses');
  const all = new Set([...egresses, ...[...outputs, ...pipelines].flatMap(egressesIn)].filter(({ id }) => id === UNLABELLED));
  const entry = own instanceof MapNode && all.size > 1 ? own.entry(UNLABELLED) : undefined;
  if (!entry) return;
  const places = [...all].map(({ position: { file, line, column } }) => `${file}(${line},${column})`);
  log.error(
    'id.duplicate',
    entry.key.position,
    `\`egresses."${UNLABELLED}"\`: ${all.size} outputs have this id, at ${places.join(', ')}; give each a \`label\``,
  );
}

const UNLABELLED = 'output/aws_kinesis';

/** Outputs behind lanes have an `aws_kinesis` input, which keeps quotas; what is handed on in one process has no keys but those of `aws_kinesis` outputs. */
function refuseForStreams({ outputs, pipelines }: WritingParts, settings: MapNode, log: ProblemLog): void {
  const refused: typeof OF_STREAMS = {
    ...OF_STREAMS,
    ...(outputs.length === 0 && { quotas: ['auto'] }),
    ...(pipelines.length > 0 && { ordering: ['none'] }),
  };
  for (const { path, pattern, text = '', position } of givenLeaves(settingsSchema, settings))
    if (refused[pattern]?.includes(text) === false)
      log.error('field.value', position, `\`sluice.${path}\` has no effect: no output is \`aws_kinesis\`; remove it`);
}

const leavesOf = (id: string, settings: MapNode): GivenLeaf[] => {
  const own = valueAt(settings.get('egresses'), id);
  return own instanceof MapNode ? givenLeaves(egressOverrideSchema, own) : [];
};

const valueAt = (node: ConfigNode | undefined, name: string): ConfigNode | undefined =>
  node instanceof MapNode ? node.get(name) : undefined;
