import { runWorker } from '@sluice/worker';
import { functionWorker } from './function-worker.ts';

await runWorker(functionWorker);
