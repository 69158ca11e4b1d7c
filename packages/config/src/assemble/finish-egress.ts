import type { AwsSettings } from '../model/aws.ts';
import type { Egress, EgressStream, OversizeSettings } from '../model/egress.ts';
import type { EgressDraft } from '../model/egress-draft.ts';
import type { EgressOverride, SluiceSettings } from '../model/settings.ts';
import { ProblemLog } from '../problem/problem.ts';
import { regionOf } from './arn-region.ts';
import { finishAggregation } from './finish-aggregation.ts';

/** `draft` with the general settings and those of `sluice.egresses` laid over it. */
export function finishEgress(draft: EgressDraft, settings: SluiceSettings, log = new ProblemLog()): Egress {
  const override: Partial<EgressOverride> = settings.egresses[draft.id] ?? {};
  const stream = override.stream === undefined ? draft.stream : overriddenStream(draft.stream, override.stream);
  return {
    ...draft,
    stream,
    aws: { ...draft.aws, region: egressRegion(draft, stream, log) },
    ordering: override.ordering ?? settings.ordering,
    oversize: override.oversize && oversizeOf(override.oversize, draft.aws),
    lanes: override.lanes ?? settings.lanes,
    ...finishAggregation(draft, settings, override),
  };
}

/** An egress that takes the stream from each record has one client for all of them, in its own region. */
const egressRegion = ({ aws: { region }, position }: EgressDraft, stream: EgressStream, log: ProblemLog): string | undefined =>
  stream.type === 'fixed' ? regionOf({ stream: stream.stream, position, region, ofWhat: 'its output', does: 'written' }, log) : region;

const oversizeOf = ({ endpoint, ...oversize }: NonNullable<EgressOverride['oversize']>, aws: AwsSettings): OversizeSettings => ({
  ...oversize,
  aws: { ...aws, endpoint },
});

const overriddenStream = ({ type }: EgressStream, stream: string): EgressStream =>
  type === 'record' ? { type, default: stream } : { type, stream };
