import { addWorkerFlags, runProcess, type WorkerFlags } from '@sluice/worker';
import { Command } from 'commander';
import { run } from './run.ts';

const command = addWorkerFlags(new Command('egress-worker').description('Writes the records of lanes to Kinesis.'));
command.parse();
await runProcess('egress-worker', (signal) => run(command.opts<WorkerFlags>(), signal));
