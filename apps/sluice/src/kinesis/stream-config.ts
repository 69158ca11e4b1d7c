import { defaultAwsSettings, hasErrors, loadConfig, renderProblem, type SluiceConfig } from '@sluice/config';
import { silentLogger, systemClock } from '@sluice/core';
import { createAwsClientSettings } from '@sluice/credentials';
import { createKinesisClient, type KinesisClient } from '@sluice/kinesis';
import { type ConfigFlags, ConfigInvalidError, findInstallation, optionsOf } from '@sluice/worker';

/** The configuration that says where streams are, with the environment that belongs to it. */
export interface StreamConfig {
  readonly config: SluiceConfig;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Reads the configuration that the flags name; without one and without an AWS environment, that of the installation that runs on this machine.
 * @throws {ConfigInvalidError} it has errors, which were written to standard error
 */
export async function loadStreamConfig(flags: ConfigFlags): Promise<StreamConfig> {
  const env = environmentOf(flags);
  const { config, problems, sources } = await loadConfig(optionsOf(flags, env));
  const errors = problems.filter(({ severity }) => severity === 'error');
  for (const problem of errors) process.stderr.write(renderProblem(problem, sources));
  if (hasErrors(errors)) throw new ConfigInvalidError(errors.length);
  return { config, env };
}

/** A client for a stream: region, endpoint and credentials of who reads or writes it, else those of the environment. */
export async function openStreamClient({ config, env }: StreamConfig, stream: string): Promise<KinesisClient & Disposable> {
  return createKinesisClient(await createAwsClientSettings(awsOf(config, stream), { env, clock: systemClock, logger: silentLogger }));
}

/** Without a configuration and an endpoint of its own, that of a local installation. */
function environmentOf({ config, set }: ConfigFlags): NodeJS.ProcessEnv {
  const isNamed = config.length > 0 || set.length > 0 || process.env['AWS_REGION'] || process.env['AWS_ENDPOINT_URL_KINESIS'];
  const installation = isNamed ? undefined : findInstallation();
  // The AWS SDK reads its variables from the process.
  return Object.assign(process.env, installation?.env);
}

function awsOf({ ingresses, egresses }: SluiceConfig, stream: string) {
  const egress = egresses.find((one) => one.stream.type === 'fixed' && one.stream.stream === stream);
  const ingress = ingresses.find(({ streams }) => streams.some((one) => one.stream === stream));
  return (egress ?? ingress)?.aws ?? defaultAwsSettings;
}
