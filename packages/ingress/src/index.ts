export { createIngresses, type IngressesOptions, type IngressLogic } from './create-ingresses.ts';
export type { IngressOutput } from './ingress/ingress.machine.ts';
