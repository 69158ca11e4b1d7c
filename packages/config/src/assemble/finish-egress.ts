import type { AwsSettings } from '../model/aws.ts';
import type { Egress, EgressStream, OversizeSettings } from '../model/egress.ts';
import type { EgressDraft } from '../model/egress-draft.ts';
import type { EgressOverride, SluiceSettings } from '../model/settings.ts';
import { finishAggregation } from './finish-aggregation.ts';

/** `draft` with the general settings and those of `sluice.egresses` laid over it. */
export function finishEgress(draft: EgressDraft, settings: SluiceSettings): Egress {
  const override: Partial<EgressOverride> = settings.egresses[draft.id] ?? {};
  return {
    ...draft,
    stream: override.stream === undefined ? draft.stream : overriddenStream(draft.stream, override.stream),
    ordering: override.ordering ?? settings.ordering,
    oversize: override.oversize && oversizeOf(override.oversize, draft.aws),
    lanes: override.lanes ?? settings.lanes,
    ...finishAggregation(draft, settings, override),
  };
}

const oversizeOf = ({ endpoint, ...oversize }: NonNullable<EgressOverride['oversize']>, aws: AwsSettings): OversizeSettings => ({
  ...oversize,
  aws: { ...aws, endpoint },
});

const overriddenStream = ({ type }: EgressStream, stream: string): EgressStream =>
  type === 'record' ? { type, default: stream } : { type, stream };
