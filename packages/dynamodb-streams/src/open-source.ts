import { type AwsSettings, type ClientSettingsOptions, createAwsClientSettings } from '@sluice/credentials';
import { createKinesisClient, type KinesisSource } from '@sluice/kinesis';
import { isTableStream, regionOf } from './stream-arn.ts';

export type SourceOptions = Omit<ClientSettingsOptions, 'service'>;

/**
 * What reads a stream: that of a DynamoDB table where its ARN says so, else one of Kinesis.
 * @throws {RegionMissingError} no region is configured and none is found
 */
export async function openSource(stream: string, aws: AwsSettings, options: SourceOptions): Promise<KinesisSource & Disposable> {
  if (!isTableStream(stream)) return createKinesisClient(await createAwsClientSettings(aws, options));
  // Loaded only where it is used.
  const { createTableSource } = await import('./table-source.ts');
  // A table is read where it is, and the endpoint of an ingress is that of Kinesis.
  const own = { ...aws, region: regionOf(stream), endpoint: undefined };
  return createTableSource(await createAwsClientSettings(own, { ...options, service: 'DYNAMODB_STREAMS' }));
}
