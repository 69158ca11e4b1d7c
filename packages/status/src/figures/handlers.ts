import type { EventOf, EventType } from '@sluice/telemetry';

/** What is done with the events of some types. */
export type Handlers<Type extends EventType> = { readonly [Each in Type]: (event: EventOf<Each>) => void };
