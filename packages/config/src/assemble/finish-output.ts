import type { OutputEgress, OutputEgressDraft } from '../model/output-egress.ts';
import type { SluiceSettings } from '../model/settings.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { MapNode } from '../yaml/node.ts';

/** `draft` with the general settings and those of `sluice.egresses` laid over it. */
export function finishOutput(draft: OutputEgressDraft, settings: SluiceSettings): OutputEgress {
  const { ordering, lanes } = settings.egresses[draft.id] ?? {};
  return { ...draft, ordering: ordering ?? settings.ordering, lanes: lanes ?? settings.lanes };
}

/** What an output that is no stream has in `sluice.egresses`. */
const HONOURED: ReadonlySet<string> = new Set(['lanes', 'ordering']);

/** Refuses settings of an egress that only one to a stream can have. @param settings what stands under `sluice` */
export function refuseStreamSettings({ id, output }: OutputEgressDraft, settings: MapNode, log: ProblemLog): void {
  const egresses = settings.get('egresses');
  const own = egresses instanceof MapNode ? egresses.get(id) : undefined;
  for (const { key } of own instanceof MapNode ? own.entries : [])
    if (!HONOURED.has(key.text))
      log.error(
        'field.value',
        key.position,
        `\`egresses."${id}".${key.text}\` is a setting of an \`aws_kinesis\` output, and this one is \`${output.type}\`; it takes ${[...HONOURED].map((name) => `\`${name}\``).join(', ')}`,
      );
}
