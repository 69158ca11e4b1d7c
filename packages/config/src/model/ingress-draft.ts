import type { Ingress, IngressStream } from './ingress.ts';
import type { SourcePosition } from './position.ts';

/** An ingress before its targets are looked up among everything that is configured. */
export interface IngressDraft extends Omit<Ingress, 'streams' | 'onError'> {
  readonly streams: readonly IngressStreamDraft[];
}

export interface IngressStreamDraft extends Omit<IngressStream, 'targets'> {
  readonly targets: readonly TargetName[];
}

export interface TargetName {
  readonly name: string;
  readonly position: SourcePosition;
  /** The output beside the input in the same Benthos file. */
  readonly isImplicit: boolean;
}
