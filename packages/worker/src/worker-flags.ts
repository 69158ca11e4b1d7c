import type { LogLevel } from '@sluice/core';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** The flags that say what the configuration is. A flag wins over the environment, which wins over the files. */
export interface ConfigFlags {
  readonly config: readonly string[];
  readonly resources: readonly string[];
  readonly templates: readonly string[];
  readonly envFile: readonly string[];
  readonly set: readonly string[];
  readonly strict?: true;
  readonly chilled?: true;
  readonly redisUrl?: string;
  readonly allowVolatile?: true;
  readonly logLevel?: LogLevel;
  readonly watcher?: true;
}

/** The flags that every worker takes. */
export interface WorkerFlags extends ConfigFlags {
  readonly workerId?: string;
  readonly operationsPort?: number;
  readonly inspect?: true;
}

const repeat = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** @param templates the flag for templates: its short form has another meaning in some commands */
export function addConfigFlags(command: Command, templates = '--templates <file>'): Command {
  return command
    .option('-c, --config <file>', 'a Benthos file, a module.yaml or a file with Sluice settings; repeatable', repeat, [])
    .option('-r, --resources <file>', 'a file, or a glob of files, with further resources of the Benthos file; repeatable', repeat, [])
    .option(templates, 'a file, or a glob of files, with templates of components; repeatable', repeat, [])
    .option('-e, --env-file <file>', 'a file with variables for ${NAME}; repeatable', repeat, [])
    .option('-s, --set <path=value>', 'set one field, such as output.aws_kinesis.stream=orders; repeatable', repeat, [])
    .option('--strict', 'treat as errors what is otherwise only a warning')
    .option('--chilled', 'only warn about unknown fields and the like in a Benthos file')
    .option('--redis-url <url>', 'URL of Redis, such as redis://host:6379 or rediss://:password@host:6379')
    .option('--allow-volatile', 'accept a Redis without persistence, which loses records when it restarts')
    .addOption(new Option('--log-level <level>', 'lowest level to log').choices(['debug', 'info', 'warn', 'error']));
}

/** As Benthos calls it. */
export const addWatcherFlag = (command: Command): Command =>
  command.option('-w, --watcher', 'load the configuration anew when its files change, as on SIGHUP');

/** As Benthos calls it. */
export const SHORT_TEMPLATES = '-t, --templates <file>';

export function addWorkerFlags(command: Command): Command {
  return addWatcherFlag(addConfigFlags(command, SHORT_TEMPLATES))
    .option('--worker-id <name>', 'the name of this worker in leases, logs and metrics')
    .option('--operations-port <port>', 'serve /ping, /ready, /actors and /metrics there; 0 for any free port', portNumber)
    .option('--inspect', 'log each change of state of an actor');
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('expected a port number from 0 to 65535.');
  return port;
}
