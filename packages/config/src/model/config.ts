import type { Egress } from './egress.ts';
import type { Endpoint } from './endpoint.ts';
import type { Ingress } from './ingress.ts';
import type { OutputEgress } from './output-egress.ts';
import type { Pipeline } from './pipeline.ts';
import type { SluiceSettings } from './settings.ts';

/** Everything the files, the environment and the flags say, compiled. Meaningful only when no problem is an error. */
export interface SluiceConfig {
  readonly ingresses: readonly Ingress[];
  readonly egresses: readonly Egress[];
  /** Sinks other than streams. */
  readonly outputs: readonly OutputEgress[];
  readonly endpoints: readonly Endpoint[];
  /** What runs in one process, without lanes. */
  readonly pipelines: readonly Pipeline[];
  readonly settings: SluiceSettings;
}
