import type { AwsSettings } from '../model/aws.ts';
import type { Ingress, IngressStream } from '../model/ingress.ts';
import { defaultFanOut, type FanOutSettings } from '../model/reader.ts';
import type { IngressOverride, SluiceSettings, StreamOverride } from '../model/settings.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { checkRegion } from '../schema/region.ts';
import { regionOf } from './arn-region.ts';

const NOTHING: IngressOverride = { start: undefined, fanOut: undefined, onError: 'pass', streams: {} };

/** `ingress` with the settings of `sluice.ingresses` laid over it, and each stream read in the region that its ARN names. */
export function finishIngress(ingress: Omit<Ingress, 'onError'>, settings: SluiceSettings, log: ProblemLog): Ingress {
  const override = settings.ingresses[ingress.id] ?? NOTHING;
  return {
    ...ingress,
    start: override.start ?? ingress.start,
    onError: override.onError,
    reader: { ...ingress.reader, fanOut: fanOutOf(ingress, override, settings) },
    streams: ingress.streams.map((stream) => finishStream(stream, ingress, override.streams[stream.stream], log)),
  };
}

function finishStream(
  stream: IngressStream,
  { id, aws }: Pick<Ingress, 'id' | 'aws'>,
  override: StreamOverride | undefined,
  log: ProblemLog,
): IngressStream {
  if (override?.region !== undefined && aws.endpoint === undefined)
    checkRegion(`sluice.ingresses.${id}.streams.${stream.stream}.region`, override.region, stream.position, log);
  const ofWhat = override?.region === undefined ? 'its ingress' : 'its settings';
  const region = regionOf({ ...stream, region: override?.region ?? aws.region, ofWhat, does: 'read' }, log);
  const assumeRole = override?.assumeRole ?? aws.assumeRole;
  const isElsewhere = region !== aws.region || assumeRole !== aws.assumeRole;
  return {
    ...stream,
    ...(override && { start: override.start, shardStarts: override.shards }),
    ...(isElsewhere && { aws: { ...aws, region, assumeRole } satisfies AwsSettings }),
  };
}

/** What overrides it comes first, then its own file, then what holds for all. */
function fanOutOf(ingress: Omit<Ingress, 'onError'>, override: IngressOverride, { fanOut }: SluiceSettings): FanOutSettings | undefined {
  const own = ingress.reader.fanOut;
  const general = { ...defaultFanOut, ...fanOut, position: ingress.position };
  if (override.fanOut === '') return undefined;
  if (override.fanOut !== undefined) return { ...(own ?? general), consumer: override.fanOut, consumerArns: {} };
  return own ?? (fanOut.consumer === '' ? undefined : general);
}
