import type { Ingress, IngressStream } from '../model/ingress.ts';
import type { IngressOverride, SluiceSettings } from '../model/settings.ts';

const NOTHING: IngressOverride = { start: undefined, onError: 'pass', streams: {} };

/** `ingress` with the settings of `sluice.ingresses` laid over it. */
export function finishIngress(ingress: Omit<Ingress, 'onError'>, settings: SluiceSettings): Ingress {
  const override = settings.ingresses[ingress.id] ?? NOTHING;
  return {
    ...ingress,
    start: override.start ?? ingress.start,
    onError: override.onError,
    streams: ingress.streams.map((stream) => finishStream(stream, override)),
  };
}

function finishStream(stream: IngressStream, { streams }: IngressOverride): IngressStream {
  const override = streams[stream.stream];
  return override ? { ...stream, start: override.start, shardStarts: override.shards } : stream;
}
