import type { Egress } from '../model/egress.ts';
import type { EgressDraft } from '../model/egress-draft.ts';
import type { AggregateLimits, EgressOverride, SluiceSettings } from '../model/settings.ts';
import type { ProblemLog } from '../problem/problem.ts';
import type { MapNode } from '../yaml/node.ts';

/** How an egress aggregates: as its own file has it, with `sluice.aggregation` and `sluice.aggregate` laid over it, and its own of these. */
export function finishAggregation(
  { aggregation: own, writer }: EgressDraft,
  settings: SluiceSettings,
  override: Partial<EgressOverride>,
): Pick<Egress, 'aggregation' | 'writer'> {
  const mode = override.aggregation ?? settings.aggregation;
  const enabled = mode === 'auto' ? own.enabled : mode !== 'off';
  if (!enabled) return { aggregation: { ...own, enabled }, writer };
  const { maxCount = own.maxCount, maxBytes = own.maxBytes, maxWaitMs = writer.maxBufferedMs } = limitsOf(settings, override);
  const by = mode === 'shard' ? 'shard' : own.by;
  return { aggregation: { enabled, by, maxCount, maxBytes }, writer: { ...writer, maxBufferedMs: maxWaitMs } };
}

interface Writers {
  readonly egresses: readonly Egress[];
  /** `aws_kinesis` outputs inside of outputs behind lanes. */
  readonly inOutputs: readonly Egress[];
  readonly inPipelines: readonly Egress[];
}

/** Refuses limits of aggregates that would have no effect. */
export function checkAggregates(
  { egresses, inOutputs, inPipelines }: Writers,
  settings: SluiceSettings,
  node: MapNode,
  log: ProblemLog,
): void {
  const writers = new Map([...inPipelines, ...inOutputs, ...egresses].map((egress) => [egress.id, egress]));
  const own = node.get('egresses') ?? node;
  for (const [id, { aggregation }] of writers)
    if (!aggregation.enabled && isSet(settings.egresses[id]?.aggregate))
      log.error('field.value', own.position, `\`sluice.egresses."${id}".aggregate\`: ${NOT_AGGREGATING}`);
  for (const { id, aggregation, batching, position } of egresses)
    if (aggregation.enabled && batching && limitsOf(settings, settings.egresses[id] ?? {}).maxWaitMs !== undefined)
      log.error(
        'field.value',
        position,
        `\`max_wait\` of \`sluice.aggregate\`: how long records of egress \`${id}\` wait is said by its \`batching\`; leave one of the two out`,
      );
  const general = node.get('aggregate') ?? node;
  if (writers.size > 0 && isSet(settings.aggregate) && ![...writers.values()].some(isAggregating))
    log.error('field.value', general.position, `\`sluice.aggregate\`: ${NONE_AGGREGATES}`);
  const wait = settings.aggregate.maxWaitMs;
  if (wait !== undefined && inOutputs.some(isAggregating) && !egresses.some(isAggregating))
    log.error('field.value', general.position, `\`sluice.aggregate.max_wait\` has no effect: ${ONLY_PARTS}`);
}

const isAggregating = ({ aggregation }: Egress): boolean => aggregation.enabled;

const NOT_AGGREGATING = 'the egress does not aggregate; set its `aggregation` to `on` or `shard`';
const NONE_AGGREGATES = 'no egress aggregates; set `sluice.aggregation` to `on` or `shard`';
const ONLY_PARTS = 'each output that aggregates is a part of another, and its `batching` says how long its records wait; set that';

/** Those of the egress, else the general ones. */
const limitsOf = ({ aggregate: general }: SluiceSettings, { aggregate: own }: Partial<EgressOverride>): AggregateLimits => ({
  maxCount: own?.maxCount ?? general.maxCount,
  maxBytes: own?.maxBytes ?? general.maxBytes,
  maxWaitMs: own?.maxWaitMs ?? general.maxWaitMs,
});

const isSet = (limits: AggregateLimits | undefined): boolean =>
  limits !== undefined && Object.values(limits).some((limit) => limit !== undefined);
