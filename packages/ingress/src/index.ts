export { type IngressesOptions, type IngressLogic, openIngresses } from './create-ingresses.ts';
export type { IngressOutput } from './ingress/ingress.machine.ts';
