import type { SourcePosition } from './position.ts';

/** Where an ingress sends the records of a stream. */
export type Target =
  | { readonly type: 'egress'; readonly egressId: string; readonly position: SourcePosition }
  /** Served by an endpoint. */
  | { readonly type: 'function'; readonly functionType: string; readonly endpointId: string; readonly position: SourcePosition }
  /** Names nothing that is configured; an error among the problems says so. */
  | { readonly type: 'unresolved'; readonly name: string; readonly position: SourcePosition };
