import { once } from 'node:events';
import { systemClock } from '@sluice/core';
import { addWorkerFlags, createProcessLogger, loadWorkerConfig, openRedis, portNumber, runProcess, type WorkerFlags } from '@sluice/worker';
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

await runProcess('board', async (signal) => {
  const { settings } = await loadWorkerConfig(flags, process.env, process.stderr);
  const logger = createProcessLogger('board', settings.log);
  // `systemctl reload` sends it to every program.
  process.on('SIGHUP', () => logger.warn('a changed configuration is taken when the board starts; start it again'));
  await buildStatusPage(logger);
  await using board = await startBoard({
    settings: settings.board,
    keyPrefix: settings.redis.prefix,
    host: flags.host ?? settings.host,
    port: flags.port ?? settings.ports.board,
    logger,
    clock: systemClock,
  });
  await using session = await openRedis(settings.redis, { logger, clock: systemClock, signal, connectionName: 'sluice board' });
  await using _shown = await board.connect(session);
  if (!signal.aborted) await once(signal, 'abort');
});
