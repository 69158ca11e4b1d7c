/**
 * Loaded before a worker that `sluice run` starts: stops the worker as soon as the process that started it is gone, for whatever reason,
 * so that no worker is left behind.
 */
process.channel?.unref();
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
