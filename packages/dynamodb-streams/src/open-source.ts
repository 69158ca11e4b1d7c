import { type AwsSettings, type ClientSettingsOptions, createAwsClientSettings } from '@sluice/credentials';
import { createKinesisClient, type KinesisSource } from '@sluice/kinesis';
import { isTableStream, regionOf } from './stream-arn.ts';

type SourceOptions = Omit<ClientSettingsOptions, 'service'>;

/** What the stream of a table is read with: in the region where the table is, with the credentials of the ingress. */
export async function openTableSource(stream: string, aws: AwsSettings, options: SourceOptions): Promise<KinesisSource & Disposable> {
  // Loaded only where it is used.
  const { createTableSource } = await import('./table-source.ts');
  // The endpoint of an ingress is that of Kinesis.
  const own = { ...aws, region: regionOf(stream), endpoint: undefined };
  return createTableSource(await createAwsClientSettings(own, { ...options, service: 'DYNAMODB_STREAMS' }));
}

/**
 * What reads a stream: that of a DynamoDB table where its ARN says so, else one of Kinesis.
 * @throws {RegionMissingError} no region is configured and none is found
 */
export async function openSource(stream: string, aws: AwsSettings, options: SourceOptions): Promise<KinesisSource & Disposable> {
  return isTableStream(stream) ? openTableSource(stream, aws, options) : createKinesisClient(await createAwsClientSettings(aws, options));
}
