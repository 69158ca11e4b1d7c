import { runWorker } from '@sluice/worker';
import { egressWorker } from './egress-worker.ts';

await runWorker(egressWorker);
