import { loadSharedConfigFiles } from '@smithy/core/config';
import { RegionMissingError } from './errors.ts';
import { instanceRegion } from './instance-region.ts';

/**
 * The region to talk to, in the order of the Java SDK: the configuration, `AWS_REGION`, the shared config file, instance metadata. Lower case.
 * @throws {RegionMissingError} none of them knows one
 */
export async function resolveRegion(configured: string | undefined, env: NodeJS.ProcessEnv): Promise<string> {
  const region = configured || env['AWS_REGION'] || (await sharedConfigRegion(env)) || (await instanceRegion(env));
  if (!region) throw new RegionMissingError();
  return region.toLowerCase();
}

async function sharedConfigRegion(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const configFilepath = env['AWS_CONFIG_FILE'];
  const { configFile } = await loadSharedConfigFiles({ ignoreCache: true, ...(configFilepath ? { configFilepath } : {}) });
  return configFile[env['AWS_PROFILE'] ?? 'default']?.['region'];
}
