import type { DeadLetterEvent } from './dead-letter-events.ts';
import type { EgressEvent, OfEgress } from './egress-events.ts';
import type { EndpointEvent, FunctionEvent, OfFunction, TimerEvent } from './function-events.ts';
import type { IngressEvent, OfStream } from './ingress-events.ts';
import type { PipelineEvent } from './pipeline-events.ts';

/**
 * `group` is `ingress:ID`, `egress:ID`, `function:TYPE` or `dead-letters`: whose workers share the leases. `lease` names the shard, the lane or
 * `sender`.
 */
export type LeaseTelemetry =
  | { readonly type: 'lease.claimed'; readonly group: string; readonly lease: string }
  | {
      readonly type: 'lease.lost';
      readonly group: string;
      readonly lease: string;
      readonly reason: 'expired' | 'stolen' | 'connection' | 'released';
    };

export type WorkerEvent =
  | { readonly type: 'redis.lost' }
  | { readonly type: 'config.reloaded'; readonly outcome: 'applied' | 'unchanged' | 'refused' };

/** Everything that Sluice reports. Each type has exactly these fields; what is a label is bounded: a stream, an egress, a function, a reason. */
export type TelemetryEvent =
  | With<OfStream, IngressEvent>
  | With<OfEgress, EgressEvent>
  | With<OfFunction, FunctionEvent>
  | EndpointEvent
  | TimerEvent
  | DeadLetterEvent
  | LeaseTelemetry
  | PipelineEvent
  | WorkerEvent;

export type EventType = TelemetryEvent['type'];

/** The event of one type. */
export type EventOf<Type extends EventType> = Extract<TelemetryEvent, { readonly type: Type }>;

/** Takes every event of an egress, whose id is bound already. */
export type EmitFromEgress = (event: EgressEvent | LeaseTelemetry) => void;

/** Takes every event of a function type, whose name is bound already. */
export type EmitFromFunction = (event: FunctionEvent | LeaseTelemetry) => void;

/** Takes every event of a stream of an ingress, whose labels are bound already. */
export type EmitFromStream = (event: IngressEvent) => void;

type Emit = (event: TelemetryEvent) => void;

export const bindEgress =
  (emit: Emit, { egress }: OfEgress): EmitFromEgress =>
  (event) =>
    emit('group' in event ? event : { ...event, egress });

export const bindFunction =
  (emit: Emit, of: OfFunction): EmitFromFunction =>
  (event) =>
    emit('group' in event ? event : { ...event, ...of });

export const bindStream =
  (emit: Emit, { ingress, stream }: OfStream): EmitFromStream =>
  (event) =>
    emit({ ...event, ingress, stream });

type With<Labels, Event> = Event extends unknown ? Event & Labels : never;
