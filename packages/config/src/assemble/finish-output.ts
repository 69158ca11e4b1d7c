import type { OutputEgress, OutputEgressDraft } from '../model/output-egress.ts';
import type { SluiceSettings } from '../model/settings.ts';

/** `draft` with the general settings and those of `sluice.egresses` laid over it. */
export function finishOutput(draft: OutputEgressDraft, settings: SluiceSettings): OutputEgress {
  const { ordering, lanes } = settings.egresses[draft.id] ?? {};
  return { ...draft, ordering: ordering ?? settings.ordering, lanes: lanes ?? settings.lanes };
}
