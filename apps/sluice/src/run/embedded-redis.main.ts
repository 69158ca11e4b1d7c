/** Runs the Redis of a `sluice run`, whose program and arguments are given, and ends it when the process that started this one is gone. */
import { spawn } from 'node:child_process';

const [program, ...args] = process.argv.slice(2);
const redis = spawn(program!, args, { stdio: ['ignore', 'ignore', 'inherit'] });
redis.once('error', () => process.exit(1));
redis.once('exit', (code) => process.exit(code ?? 1));
process.on('SIGTERM', () => redis.kill('SIGTERM'));
process.once('disconnect', () => redis.kill('SIGTERM'));
