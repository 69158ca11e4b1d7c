#!/usr/bin/env node
import { Command, Option } from 'commander';
import { type CommandOptions, run } from './run.ts';

const collect = (value: string, previous: readonly string[]) => [...previous, value];

const command = new Command('egress-worker')
  .description('Writes the records of lanes to Kinesis.')
  .option('-c, --config <file>', 'configuration file, in either dialect; repeatable', collect, [])
  .option('-s, --set <path=value>', 'set one value of the configuration; repeatable', collect, [])
  .option('--redis-url <url>', 'overrides sluice.redis.url')
  .option('--allow-volatile', 'accept a Redis without persistence')
  .option('--strict', 'take every warning for an error')
  .option('--port <number>', 'overrides sluice.ports.egress_worker; 0 takes a free one')
  .option('--worker-id <id>', 'name of this worker; must be unique')
  .addOption(new Option('--log-level <level>', 'overrides sluice.log.level').choices(['debug', 'info', 'warn', 'error']));

command.parse();
process.exit(await run(command.opts<CommandOptions>()));
