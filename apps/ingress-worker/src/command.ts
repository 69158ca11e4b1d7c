import { runWorker } from '@sluice/worker';
import { ingressWorker } from './ingress-worker.ts';

await runWorker(ingressWorker);
