import { type Logger, SluiceError } from '@sluice/core';
import { DEFAULT_MAX_RECORD_BYTES, KinesisAccessError, type KinesisSink, ShardMap } from '@sluice/kinesis';
import { AutoDistributedStreamError } from '../errors.ts';
import type { Ordering } from './record-scheduler.ts';

/** The destination, as the writer addresses it. */
export interface ResolvedStream {
  /** Name or ARN. */
  readonly stream: string;
  /** Largest record: data and key. */
  readonly maxRecordBytes: number;
  /** The service places records by itself, and its readers do not unpack aggregates. */
  readonly isAutoDistributed: boolean;
  /** Its open shards; `undefined` where they are not known, or do not follow from keys. */
  readonly shards: ShardMap | undefined;
}

/** The stream exists, but is being created or deleted. */
export class StreamNotActiveError extends SluiceError {
  readonly code = 'STREAM_NOT_ACTIVE';
  readonly disposition = 'retry';

  constructor(stream: string, status: string) {
    super(`stream ${stream} is ${status.toLowerCase()}`, { details: { stream, status } });
  }
}

/**
 * Finds the destination stream and what it takes. A policy that allows PutRecords but not DescribeStreamSummary is no hindrance: the
 * stream is then written by the name given, with the service's default limits.
 * @throws {AutoDistributedStreamError} the stream keeps no order and the egress promises some
 */
export async function resolveStream(
  sink: Pick<KinesisSink, 'describeStream' | 'listShards'>,
  stream: string,
  { ordering, logger, signal }: { readonly ordering: Ordering; readonly logger: Logger; readonly signal?: AbortSignal },
): Promise<ResolvedStream> {
  try {
    const { arn, status, maxRecordBytes, isAutoDistributed } = await sink.describeStream(stream, signal);
    if (status !== 'ACTIVE' && status !== 'UPDATING') throw new StreamNotActiveError(stream, status);
    if (isAutoDistributed && ordering !== 'none') throw new AutoDistributedStreamError(stream);
    const shards = isAutoDistributed ? undefined : await findShards(sink, arn, { logger, signal });
    return { stream: arn, maxRecordBytes, isAutoDistributed, shards };
  } catch (error) {
    if (!isDescribeDenied(error)) throw error;
    logger.warn('stream cannot be described: writing to it by name, with the default record size', { stream, reason: error.message });
    const shards = await findShards(sink, stream, { logger, signal });
    return { stream, maxRecordBytes: DEFAULT_MAX_RECORD_BYTES, isAutoDistributed: false, shards };
  }
}

/** The open shards of a stream; `undefined` where the credentials may not list them. */
export async function findShards(
  sink: Pick<KinesisSink, 'listShards'>,
  stream: string,
  { logger, signal }: { readonly logger: Logger; readonly signal?: AbortSignal | undefined },
): Promise<ShardMap | undefined> {
  try {
    return new ShardMap(await sink.listShards(stream, signal));
  } catch (error) {
    if (!isDescribeDenied(error)) throw error;
    logger.warn('shards cannot be listed: nothing keeps writers within their quotas, and aggregates hold one key each', {
      stream,
      reason: error.message,
    });
    return undefined;
  }
}

/** The credentials are good, but this one action is not allowed to them. */
const isDescribeDenied = (error: unknown): error is KinesisAccessError =>
  error instanceof KinesisAccessError && error.cause instanceof Error && /^AccessDenied(Exception)?$/.test(error.cause.name);
