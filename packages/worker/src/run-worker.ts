import { Command } from 'commander';
import { configSourceOf, loadWorkerConfig } from './load-worker-config.ts';
import { runProcess } from './run-process.ts';
import { startWorker } from './start-worker.ts';
import type { WorkerDefinition } from './worker-definition.ts';
import { addWorkerFlags, type WorkerFlags } from './worker-flags.ts';

/** The main program of a worker: flags, configuration, signals, exit code. */
export async function runWorker(definition: WorkerDefinition): Promise<never> {
  const command = addWorkerFlags(new Command(definition.app)).description(definition.description);
  const flags = command.parse().opts<WorkerFlags>();
  return runProcess(definition.app, async (signal) => {
    const config = await loadWorkerConfig(flags, process.env, process.stderr, [definition.app]);
    const { workerId, operationsPort, inspect = false } = flags;
    await using worker = await startWorker(definition, {
      ...{ config, env: process.env, inspect, source: configSourceOf(flags, process.env, [definition.app]) },
      ...(workerId === undefined ? {} : { workerId }),
      ...(operationsPort === undefined ? {} : { operationsPort }),
    });
    process.on('SIGHUP', () => worker.reload());
    const stop = () => void worker.stop().catch(() => undefined);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    await worker.ended;
  });
}
