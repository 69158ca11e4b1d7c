import { once } from 'node:events';
import { systemClock } from '@sluice/core';
import { createLogger } from '@sluice/telemetry';
import { addWorkerFlags, loadWorkerConfig, openRedis, portNumber, runProcess, type WorkerFlags } from '@sluice/worker';
import { Command } from 'commander';
import { startBoard } from './board.ts';

interface BoardFlags extends WorkerFlags {
  readonly host?: string;
  readonly port?: number;
}

const flags = addWorkerFlags(new Command('board'))
  .description('Serves Bull Board for the lanes and the dead letters.')
  .option('--host <address>', 'the address to listen on; the board has no login, so keep it to this machine')
  .option('--port <port>', 'the port to listen on', portNumber)
  .parse()
  .opts<BoardFlags>();

await runProcess('board', async (signal) => {
  const { settings } = await loadWorkerConfig(flags, process.env, process.stderr);
  const logger = createLogger({ level: settings.log.level, format: settings.log.format, facts: { app: 'board' } });
  await using session = await openRedis(settings.redis, { logger, clock: systemClock, signal, connectionName: 'sluice board' });
  await using _board = await startBoard({
    session,
    keyPrefix: settings.redis.prefix,
    host: flags.host ?? settings.host,
    port: flags.port ?? settings.ports.board,
    logger,
    clock: systemClock,
  });
  if (!signal.aborted) await once(signal, 'abort');
});
