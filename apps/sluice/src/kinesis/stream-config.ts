import { defaultAwsSettings, hasErrors, loadConfig, renderProblem, type SluiceConfig } from '@sluice/config';
import { silentLogger, systemClock } from '@sluice/core';
import { createAwsClientSettings } from '@sluice/credentials';
import { openSource } from '@sluice/dynamodb-streams';
import { createKinesisClient, type KinesisClient, type KinesisSource } from '@sluice/kinesis';
import { type ConfigFlags, ConfigInvalidError, findInstallation, type LocalInstallation, optionsOf } from '@sluice/worker';

/** The configuration that says where streams are, with the environment that belongs to it. */
export interface StreamConfig {
  readonly config: SluiceConfig;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Reads the configuration that the flags name; without one and without an AWS environment, that of the installation that runs on this machine.
 * @throws {ConfigInvalidError} it has errors, which were written to standard error
 */
export async function loadStreamConfig(given: ConfigFlags): Promise<StreamConfig> {
  const { config: files, set } = given;
  const isNamed = files.length > 0 || set.length > 0 || process.env['AWS_REGION'] || process.env['AWS_ENDPOINT_URL_KINESIS'];
  const installation = isNamed ? undefined : findInstallation();
  // The AWS SDK reads its variables from the process.
  const env: NodeJS.ProcessEnv = Object.assign(process.env, installation?.env);
  const flags = installation ? { ...given, ...flagsOf(installation) } : given;
  const { config, problems, sources } = await loadConfig(optionsOf(flags, env));
  const errors = problems.filter(({ severity }) => severity === 'error');
  for (const problem of errors) process.stderr.write(renderProblem(problem, sources));
  if (hasErrors(errors)) throw new ConfigInvalidError(errors.length);
  return { config, env };
}

/** Flags that give a command the same configuration as its workers. */
function flagsOf({ configArguments }: LocalInstallation): Pick<ConfigFlags, 'config' | 'set'> {
  const valuesOf = (...names: readonly string[]) => configArguments.filter((_, index) => names.includes(configArguments[index - 1] ?? ''));
  return { config: valuesOf('--config', '-c'), set: valuesOf('--set', '-s') };
}

/** A client for a stream: region, endpoint and credentials of who reads or writes it, else those of the environment. */
export async function openStreamClient({ config, env }: StreamConfig, stream: string): Promise<KinesisClient & Disposable> {
  return createKinesisClient(await createAwsClientSettings(awsOf(config, stream), { env, clock: systemClock, logger: silentLogger }));
}

/** The same for a stream that is only read, which may be that of a DynamoDB table. */
export const openStreamSource = ({ config, env }: StreamConfig, stream: string): Promise<KinesisSource & Disposable> =>
  openSource(stream, awsOf(config, stream), { env, clock: systemClock, logger: silentLogger });

function awsOf({ ingresses, egresses }: SluiceConfig, stream: string) {
  const egress = egresses.find((one) => one.stream.type === 'fixed' && one.stream.stream === stream);
  if (egress) return egress.aws;
  const [read] = ingresses.flatMap(({ aws, streams }) => streams.flatMap((one) => (one.stream === stream ? [one.aws ?? aws] : [])));
  return read ?? defaultAwsSettings;
}
