import type { Egress } from '../model/egress.ts';
import type { EgressDraft } from '../model/egress-draft.ts';
import type { AggregateLimits, AggregationMode, EgressOverride, SluiceSettings } from '../model/settings.ts';
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

/** Refuses limits of aggregates that would have no effect. */
export function checkAggregates(egresses: readonly Egress[], settings: SluiceSettings, node: MapNode, log: ProblemLog): void {
  for (const { id, aggregation, batching, position } of egresses) {
    const override: Partial<EgressOverride> = settings.egresses[id] ?? {};
    if (!aggregation.enabled && isSet(override.aggregate)) {
      log.error('field.value', position, `\`sluice.egresses."${id}".aggregate\`: ${NOT_AGGREGATING}`);
    }
    if (aggregation.enabled && batching && limitsOf(settings, override).maxWaitMs !== undefined) {
      log.error(
        'field.value',
        position,
        `\`max_wait\` of \`sluice.aggregate\`: how long records of egress \`${id}\` wait is said by its \`batching\`; leave one of the two out`,
      );
    }
  }
  if (egresses.length > 0 && isSet(settings.aggregate) && egresses.every(({ aggregation }) => !aggregation.enabled)) {
    const { position } = node.get('aggregate') ?? node;
    log.error('field.value', position, `\`sluice.aggregate\`: ${NONE_AGGREGATES}`);
  }
}

/** The same for `aws_kinesis` outputs that are no egress: those of pipelines in one process, and parts of other outputs. */
export function checkAggregatesOfOutputs(settings: SluiceSettings, node: MapNode, log: ProblemLog): void {
  const isOn = (mode: AggregationMode): boolean => mode === 'on' || mode === 'shard';
  const overrides = Object.entries(settings.egresses);
  for (const [id, { aggregation = settings.aggregation, aggregate }] of overrides) {
    if (!isSet(aggregate) || isOn(aggregation)) continue;
    const { position } = node.get('egresses') ?? node;
    log.error('field.value', position, `\`sluice.egresses."${id}".aggregate\`: ${NOT_AGGREGATING}`);
  }
  const modes = [settings.aggregation, ...overrides.map(([, { aggregation = settings.aggregation }]) => aggregation)];
  if (!isSet(settings.aggregate) || modes.some(isOn)) return;
  const { position } = node.get('aggregate') ?? node;
  log.error('field.value', position, `\`sluice.aggregate\`: ${NONE_AGGREGATES}`);
}

const NOT_AGGREGATING = 'the egress does not aggregate; set its `aggregation` to `on` or `shard`';
const NONE_AGGREGATES = 'no egress aggregates; set `sluice.aggregation` to `on` or `shard`';

/** Those of the egress, else the general ones. */
const limitsOf = ({ aggregate: general }: SluiceSettings, { aggregate: own }: Partial<EgressOverride>): AggregateLimits => ({
  maxCount: own?.maxCount ?? general.maxCount,
  maxBytes: own?.maxBytes ?? general.maxBytes,
  maxWaitMs: own?.maxWaitMs ?? general.maxWaitMs,
});

const isSet = (limits: AggregateLimits | undefined): boolean =>
  limits !== undefined && Object.values(limits).some((limit) => limit !== undefined);
