export { type IngressWorker, startIngressWorker } from './ingress-worker.ts';
