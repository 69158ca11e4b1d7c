import { egressIdsOf } from '../model/nested-components.ts';
import type { OutputEgress, OutputEgressDraft } from '../model/output-egress.ts';
import type { SluiceSettings } from '../model/settings.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { type ConfigNode, MapNode, type ScalarNode } from '../yaml/node.ts';

/** `draft` with the general settings and those of `sluice.egresses` laid over it. */
export function finishOutput(draft: OutputEgressDraft, settings: SluiceSettings): OutputEgress {
  const { ordering, lanes } = settings.egresses[draft.id] ?? {};
  return { ...draft, ordering: ordering ?? settings.ordering, lanes: lanes ?? settings.lanes };
}

/** What an output that is no stream has in `sluice.egresses`. */
const HONOURED: ReadonlySet<string> = new Set(['lanes', 'ordering']);

/** Refuses settings of an egress that only one to a stream can have. @param settings what stands under `sluice` */
export function refuseStreamSettings({ id, output }: OutputEgressDraft, settings: MapNode, log: ProblemLog): void {
  const own = valueAt(settings.get('egresses'), id);
  for (const { key } of own instanceof MapNode ? own.entries : [])
    if (!HONOURED.has(key.text))
      log.error(
        'field.value',
        key.position,
        `\`egresses."${id}".${key.text}\` is a setting of an \`aws_kinesis\` output, and this one is \`${output.type}\`; it takes ${[...HONOURED].map((name) => `\`${name}\``).join(', ')}`,
      );
}

/** Refuses settings that an `aws_kinesis` output does not have where it is a part of another output. @param settings what stands under `sluice` */
export function refuseSettingsOfParts(draft: OutputEgressDraft, settings: MapNode, log: ProblemLog): void {
  for (const id of new Set(egressIdsOf(draft))) {
    if (id === draft.id) continue;
    const own = valueAt(settings.get('egresses'), id);
    const lanes = keyAt(own, 'lanes');
    const wait = keyAt(valueAt(own, 'aggregate'), 'max_wait');
    const refuse = ({ position }: ScalarNode, name: string, why: string): void =>
      log.error('field.value', position, `\`egresses."${id}".${name}\` has no effect: ${why}`);
    if (lanes) refuse(lanes, 'lanes', `\`${id}\` is a part of \`${draft.id}\`, which has the lanes; set \`egresses."${draft.id}".lanes\``);
    if (wait) refuse(wait, 'aggregate.max_wait', 'the `batching` of the output says how long its records wait; set that');
  }
}

const keyAt = (node: ConfigNode | undefined, name: string): ScalarNode | undefined =>
  node instanceof MapNode ? node.entry(name)?.key : undefined;

const valueAt = (node: ConfigNode | undefined, name: string): ConfigNode | undefined =>
  node instanceof MapNode ? node.get(name) : undefined;
