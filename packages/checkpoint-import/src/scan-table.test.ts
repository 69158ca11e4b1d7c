import { silentLogger, systemClock } from '@sluice/core';
import { createAwsClientSettings } from '@sluice/credentials';
import { describe, expect, it } from 'vitest';
import { scanTable } from './scan-table.ts';
import { startTableStub } from './testing/table-stub.ts';

describe('a table', () => {
  it('is read whole, page by page', async () => {
    const rows = ['a', 'b', 'c'].map((leaseKey) => ({ leaseKey: { S: leaseKey }, leaseCounter: { N: '12' } }));
    await using stub = await startTableStub({ totals: rows });
    await expect(scan('totals', stub.url)).resolves.toEqual(rows);
    expect(stub.calls).toBe(2);
  });

  it('that is not there is named', async () => {
    await using stub = await startTableStub({});
    await expect(scan('totals', stub.url)).rejects.toMatchObject({
      ...{ code: 'CHECKPOINT_TABLE_UNREADABLE', disposition: 'fatal' },
      message: 'table totals could not be read: ResourceNotFoundException: Requested resource not found',
    });
    expect(stub.calls).toBe(1);
  });
});

async function scan(table: string, endpoint: string) {
  const credentials = { type: 'static', accessKeyId: 'test', secretAccessKey: { reveal: () => 'test' }, sessionToken: undefined } as const;
  const aws = { region: 'eu-west-1', endpoint, credentials, assumeRole: undefined, http: {} };
  const settings = await createAwsClientSettings(aws, { env: {}, clock: systemClock, logger: silentLogger, service: 'DYNAMODB' });
  return scanTable(table, settings, new AbortController().signal);
}
