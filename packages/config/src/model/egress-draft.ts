import type { Egress } from './egress.ts';

/** An egress as its own file has it, before `sluice.egresses` and the general settings are laid over it. */
export type EgressDraft = Omit<Egress, 'ordering' | 'lanes' | 'oversize'>;
