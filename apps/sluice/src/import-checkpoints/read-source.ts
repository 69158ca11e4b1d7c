import { readFile } from 'node:fs/promises';
import { type ForeignCheckpoint, readBenthosRows, readKclLeases, readListing, scanTable } from '@sluice/checkpoint-import';
import type { Ingress } from '@sluice/config';
import { silentLogger, systemClock } from '@sluice/core';
import { createAwsClientSettings } from '@sluice/credentials';
import { ImportUsageError } from './errors.ts';

export const SOURCES = ['kcl', 'benthos', 'flink'] as const;
export type SourceKind = (typeof SOURCES)[number];

export interface SourceOptions {
  readonly kind: SourceKind;
  /** A table, or the path of a listing. */
  readonly name: string;
  /** Of the table, where it is not as for the streams of the ingress. */
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
}

/**
 * What another application says of where it is.
 * @throws {CheckpointTableError} the table cannot be read
 * @throws {CheckpointImportError} it holds something else
 * @throws {ImportUsageError} the listing cannot be read
 */
export async function readSource(
  { kind, name, ...place }: SourceOptions,
  ingress: Ingress,
  env: NodeJS.ProcessEnv,
): Promise<ForeignCheckpoint[]> {
  if (kind === 'flink') return readListing(await readText(name));
  // The endpoint of an ingress is that of Kinesis.
  const aws = { ...ingress.aws, region: place.region ?? ingress.aws.region, endpoint: place.endpoint };
  const settings = await createAwsClientSettings(aws, { env, clock: systemClock, logger: silentLogger, service: 'DYNAMODB' });
  const rows = await scanTable(name, settings, new AbortController().signal);
  if (kind === 'kcl') return readKclLeases(rows);
  // A Benthos file says by `start_from_oldest` what the start of the ingress is.
  return readBenthosRows(rows, ingress.start.type === 'earliest' ? { kind: 'TRIM_HORIZON' } : { kind: 'LATEST' });
}

const readText = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ImportUsageError(`expected the path of a listing, found ${path}, which cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  });
