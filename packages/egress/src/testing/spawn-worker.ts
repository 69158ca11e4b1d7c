import { fileURLToPath } from 'node:url';
import { NodeProcess } from '@sluice/testkit';
import type { WorkerProcessArguments } from './worker-process.ts';

/** An egress-worker in a process of its own, named after its id. */
export const spawnWorker = (settings: WorkerProcessArguments): NodeProcess =>
  new NodeProcess({
    name: settings.workerId,
    script: fileURLToPath(new URL('./worker-process.ts', import.meta.url)),
    args: [JSON.stringify(settings)],
  });
