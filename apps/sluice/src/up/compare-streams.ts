import type { KinesisClient } from '@sluice/kinesis';
import { DeliveryCheck, type DeliveryReport, oldestArrivals, readBack } from '@sluice/testkit/delivery';

export interface StreamsToCompare {
  readonly client: KinesisClient;
  readonly source: string;
  readonly output: string;
  /** The local Kinesis has let go of the oldest records of the output. */
  readonly isOutputTrimmed: boolean;
}

/**
 * The source stream is the truth: what it holds must be in the output stream, in the order of each key. Where the oldest records of the
 * output are gone, only records count that came in after the last of them went out: if they were written, the output has them still.
 */
export async function compareStreams({ client, source, output, isOutputTrimmed }: StreamsToCompare): Promise<DeliveryReport> {
  const sinceMs = isOutputTrimmed ? Math.max(...(await oldestArrivals(client, output))) : Number.NEGATIVE_INFINITY;
  const check = new DeliveryCheck();
  for await (const record of readBack(client, source)) if (record.origin!.arrivalTimeMs >= sinceMs) check.feed(record);
  for await (const record of readBack(client, output)) if (record.origin!.arrivalTimeMs >= sinceMs) check.readBack(record);
  return check.report();
}
