import { fromIni, fromInstanceMetadata, fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { AwsCredentials, AwsSettings } from './aws-settings.ts';
import type { IdentitySource } from './refreshing-credentials.ts';

export interface NamedSource {
  /** For errors and log lines; never holds a key. */
  readonly name: string;
  readonly load: IdentitySource;
}

/** Where credentials come from. A role is assumed on top of any of them, through the custom endpoint where there is one, as Benthos does it. */
export function identitySourceOf(settings: AwsSettings, region: () => Promise<string>): NamedSource {
  const base = baseSource(settings.credentials);
  const { assumeRole, endpoint } = settings;
  if (!assumeRole) return base;
  const { arn, externalId } = assumeRole;
  // Made anew for each load: a provider keeps the credentials below it for good where those do not expire.
  const load = () =>
    fromTemporaryCredentials({
      masterCredentials: base.load,
      params: { RoleArn: arn, RoleSessionName: `sluice-${process.pid}`, ...(externalId ? { ExternalId: externalId } : {}) },
      clientConfig: { region, maxAttempts: 2, ...(endpoint ? { endpoint } : {}) },
    })();
  return { name: `role ${arn} assumed with ${base.name}`, load };
}

function baseSource(credentials: AwsCredentials): NamedSource {
  switch (credentials.type) {
    case 'default': {
      // Made anew for each load, and files read anew: the chain keeps what does not expire, and the SDK every file it has read.
      const load = () => fromNodeProviderChain({ timeout: 1_000, maxRetries: 1, ignoreCache: true })();
      return { name: 'the default chain', load };
    }
    case 'static': {
      const { accessKeyId, secretAccessKey, sessionToken } = credentials;
      const identity = {
        accessKeyId,
        secretAccessKey: secretAccessKey.reveal(),
        ...(sessionToken ? { sessionToken: sessionToken.reveal() } : {}),
      };
      return { name: 'the configuration', load: async () => identity };
    }
    case 'profile': {
      const { name, path } = credentials;
      // The SDK keeps files it has read; ignoring that lets a rotated file be seen at the next refresh.
      const load = () => fromIni({ profile: name, ignoreCache: true, ...(path ? { filepath: path } : {}) })();
      return { name: `profile ${name}`, load };
    }
    case 'ec2-role': {
      const provider = fromInstanceMetadata({ timeout: 1_000, maxRetries: 2 });
      return { name: 'the instance role', load: () => provider() };
    }
  }
}
