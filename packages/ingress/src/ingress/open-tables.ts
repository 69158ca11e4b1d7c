import type { Ingress, IngressStream } from '@sluice/config';
import { isTableStream, openTableSource } from '@sluice/dynamodb-streams';
import type { KinesisPush, KinesisSource } from '@sluice/kinesis';
import type { IngressOptions } from './ingress-options.ts';

type TableSource = KinesisSource & KinesisPush & Disposable;

const pushesNothing = async (): Promise<never> => {
  throw new Error('a table has no consumers: fan-out of its stream is refused with the configuration');
};

const NO_PUSH: KinesisPush = { findConsumer: pushesNothing, registerConsumer: pushesNothing, subscribeToShard: pushesNothing };

/** What the streams of DynamoDB tables are read with, by their ARNs. Each table may be in another region. */
export async function openTables(
  { aws, streams }: Pick<Ingress, 'aws' | 'streams'>,
  options: Pick<IngressOptions, 'env' | 'clock' | 'logger'>,
): Promise<ReadonlyMap<string, TableSource>> {
  const open = async ({ stream, aws: own = aws }: IngressStream): Promise<[string, TableSource]> => [
    stream,
    { ...(await openTableSource(stream, own, options)), ...NO_PUSH },
  ];
  return new Map(await Promise.all(streams.filter(({ stream }) => isTableStream(stream)).map(open)));
}
