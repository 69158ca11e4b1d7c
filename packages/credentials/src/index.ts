export type { AwsCredentials, AwsSettings, HttpClientSettings, ProxySettings, Revealable } from './aws-settings.ts';
export { type AwsClientSettings, type ClientSettingsOptions, createAwsClientSettings, customEndpoint } from './client-settings.ts';
export { enforcesQuotas } from './enforces-quotas.ts';
export { CredentialsUnavailableError, RegionMissingError } from './errors.ts';
export { type AwsIdentity, type IdentitySource, type RefreshingCredentials, refreshingCredentials } from './refreshing-credentials.ts';
export { resolveRegion } from './region.ts';
export { type CallOptions, callOnce, sdkSettings } from './sdk-calls.ts';
