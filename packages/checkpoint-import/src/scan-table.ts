import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type AwsClientSettings, callOnce, sdkSettings } from '@sluice/credentials';
import { CheckpointTableError } from './errors.ts';

/** A row of a table, as DynamoDB sends it. */
export type TableRow = Readonly<Record<string, AttributeValue | undefined>>;

/**
 * All rows of a table, by consistent reads. One call a page, each made once.
 * @throws {CheckpointTableError} it is not there, may not be read, or was not read in time
 */
export async function scanTable(table: string, settings: AwsClientSettings, signal: AbortSignal): Promise<TableRow[]> {
  // Loaded only where it is used: it is large.
  const { DynamoDBClient, ScanCommand } = await import('@aws-sdk/client-dynamodb');
  const client = new DynamoDBClient(sdkSettings(settings));
  const call = { credentials: settings.credentials, signal, toError: (cause: unknown) => new CheckpointTableError(table, cause) };
  const rows: TableRow[] = [];
  try {
    let next: Record<string, AttributeValue> | undefined;
    do {
      const command = new ScanCommand({ TableName: table, ConsistentRead: true, ...(next && { ExclusiveStartKey: next }) });
      const page = await callOnce((abortSignal) => client.send(command, { abortSignal }), call);
      rows.push(...(page.Items ?? []));
      next = page.LastEvaluatedKey;
    } while (next);
  } finally {
    client.destroy();
  }
  return rows;
}
