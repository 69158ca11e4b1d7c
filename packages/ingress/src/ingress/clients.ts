import type { AwsSettings, Ingress, IngressStream } from '@sluice/config';
import { createKinesisClient, type KinesisClient } from '@sluice/kinesis';

/** The clients of an ingress: one for each region and role in which it reads streams. */
export interface Clients extends Disposable {
  of(stream: IngressStream): KinesisClient;
}

type ClientSettings = Parameters<typeof createKinesisClient>[0];

/** @param settle finds region and credentials */
export async function openClients(
  { aws, streams }: Pick<Ingress, 'aws' | 'streams'>,
  settle: (aws: AwsSettings) => Promise<ClientSettings>,
): Promise<Clients> {
  const clients = new Map<string, KinesisClient>();
  const awsOf = (stream: IngressStream): AwsSettings => stream.aws ?? aws;
  for (const stream of streams) {
    const place = placeOf(awsOf(stream));
    if (!clients.has(place)) clients.set(place, createKinesisClient(await settle(awsOf(stream))));
  }
  return {
    of: (stream) => clients.get(placeOf(awsOf(stream)))!,
    [Symbol.dispose]() {
      for (const client of clients.values()) client[Symbol.dispose]();
    },
  };
}

/** What the streams of one ingress may differ in. */
const placeOf = ({ region, assumeRole }: AwsSettings): string => JSON.stringify([region, assumeRole?.arn, assumeRole?.externalId]);
