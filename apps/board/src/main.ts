import type { SluiceConfig } from '@sluice/config';
import { systemClock } from '@sluice/core';
import {
  addWorkerFlags,
  type ConfigSource,
  configSourceOf,
  createProcessLogger,
  loadWorkerConfig,
  nextConfiguration,
  openRedis,
  portNumber,
  runProcess,
  type WorkerFlags,
} from '@sluice/worker';
import { Command } from 'commander';
import { startBoard } from './board.ts';
import { buildStatusPage } from './server/build-status-page.ts';

interface BoardFlags extends WorkerFlags {
  readonly host?: string;
  readonly port?: number;
}

const flags = addWorkerFlags(new Command('board'))
  .description('Serves the status page and Bull Board.')
  .option('--host <address>', "the address to listen on; others than this machine's own need a login (sluice.board.login)")
  .option('--port <port>', 'the port to listen on', portNumber)
  .parse()
  .opts<BoardFlags>();

// While it starts anew nobody listens, and what Node does by itself then is to end.
process.on('SIGHUP', () => undefined);

await runProcess('board', async (signal) => {
  const source = configSourceOf(flags, process.env, []);
  let config: SluiceConfig | undefined = await loadWorkerConfig(flags, process.env, process.stderr);
  while (config) config = await serve(config, source, signal);
});

/** Serves the board until it is asked to stop, or there is another configuration to serve it with, which it answers. */
async function serve({ settings }: SluiceConfig, source: ConfigSource, signal: AbortSignal): Promise<SluiceConfig | undefined> {
  const logger = createProcessLogger('board', settings.log);
  await buildStatusPage(logger);
  await using board = await startBoard({
    settings: settings.board,
    keyPrefix: settings.redis.prefix,
    host: flags.host ?? settings.host,
    port: flags.port ?? settings.ports.board,
    logger,
    clock: systemClock,
  });
  const next = nextConfiguration({ source, isWatched: settings.watcher, logger, clock: systemClock }, signal);
  await using session = await openRedis(settings.redis, { logger, clock: systemClock, signal, connectionName: 'sluice board' });
  await using _shown = await board.connect(session);
  return await next;
}
