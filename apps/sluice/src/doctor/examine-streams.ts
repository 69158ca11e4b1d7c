import type { AwsSettings, SluiceConfig } from '@sluice/config';
import { plural, silentLogger, systemClock, toErrorReport } from '@sluice/core';
import { createAwsClientSettings } from '@sluice/credentials';
import { isTableStream, openSource } from '@sluice/dynamodb-streams';
import { createKinesisClient, isBlocked, type KinesisClient, type KinesisSource, WRITE_RECORDS_PER_SECOND } from '@sluice/kinesis';
import { bytesText, countText } from '../terminal/quantities.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const SHORT_RETENTION_HOURS = 24;

/** Tries, for each stream of the configuration, every call that a worker makes of it, none of which writes, under the credentials of its ingress or egress, or its own. */
export async function examineStreams({ ingresses, egresses }: SluiceConfig, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const read = ingresses.flatMap(({ aws, streams }) =>
    streams.map(({ stream, aws: own = aws }) => examine(() => openSource(stream, own, optionsOf(env)), stream, examineSource)),
  );
  const written = egresses.flatMap(({ aws, stream }) =>
    stream.type === 'fixed' ? [examine(() => openOutput(aws, env), stream.stream, examineOutput)] : [],
  );
  return (await Promise.all([...read, ...written])).flat();
}

type Examine<Client> = (client: Client, stream: string) => Promise<Finding[]>;

const optionsOf = (env: NodeJS.ProcessEnv) => ({ env, clock: systemClock, logger: silentLogger });

const openOutput = async (aws: AwsSettings, env: NodeJS.ProcessEnv): Promise<KinesisClient> =>
  createKinesisClient(await createAwsClientSettings(aws, optionsOf(env)));

async function examine<Client extends Disposable>(open: () => Promise<Client>, stream: string, look: Examine<Client>): Promise<Finding[]> {
  try {
    using client = await open();
    return await look(client, stream);
  } catch (error) {
    const { code, message } = toErrorReport(error);
    return [problem(stream, message, `docs/errors.md says what ${code} means; deploy/iam has the permissions that a worker needs`)];
  }
}

const examineSource: Examine<KinesisSource> = async (client, stream) => {
  const { status, retentionHours, openShardCount } = await client.describeStream(stream);
  const [shard] = await client.listShards(stream);
  if (shard) {
    const { shardId } = shard;
    const iterator = await client.getShardIterator({ stream, shardId, position: { type: 'LATEST' } });
    await client.getRecords({ stream, shardId, iterator, limit: 1 });
  }
  const found = `can be read; ${status}, ${plural(openShardCount, 'open shard')}, kept for ${retentionHours} h`;
  return [
    // That of a table's stream cannot be changed.
    retentionHours <= SHORT_RETENTION_HOURS && !isTableStream(stream)
      ? warning(stream, found, 'raise the retention: it is the time that you have to repair what keeps records from being read')
      : ok(stream, found),
  ];
};

const examineOutput: Examine<KinesisClient> = async (client, stream) => {
  const { status, openShardCount, maxRecordBytes } = await client.describeStream(stream);
  const permission = await mayWrite(client, stream);
  const rate = `${countText(openShardCount * WRITE_RECORDS_PER_SECOND)} records/s and ${openShardCount} MiB/s`;
  return [
    ok(
      stream,
      `is there; ${status}, ${plural(openShardCount, 'open shard')} take ${rate}, records up to ${bytesText(maxRecordBytes)}${permission ? ', may be written to' : '; whether it may be written to is not known'}`,
    ),
  ];
};

/** One more than the largest hash key: the service refuses the record, and so stores nothing, after it has looked at the permission. */
const NO_HASH_KEY = String(2n ** 128n);

/** A call that writes nothing. Rejects where writing is not allowed; `false` where the answer says nothing about it. */
async function mayWrite(client: KinesisClient, stream: string): Promise<boolean> {
  const record = { partitionKey: 'sluice doctor', explicitHashKey: NO_HASH_KEY, data: new Uint8Array(1) };
  try {
    await client.putRecords({ stream, records: [record] });
    return false;
  } catch (error) {
    if (isBlocked(error)) throw error;
    return toErrorReport(error).disposition === 'reject';
  }
}
