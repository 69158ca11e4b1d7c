/**
 * Loaded before a worker that `sluice run` starts: asks the worker to end as soon as the process that started it is gone, however that
 * went, so that no worker is left behind without anybody who knows of it.
 */
process.channel?.unref();
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
