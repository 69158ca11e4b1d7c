import { ManualClock } from '@sluice/core/testing';
import { createRequestHandler } from '@sluice/kinesis';
import { describe, expect, it } from 'vitest';
import { createKinesisSink } from './kinesis-sink.ts';

describe('createKinesisSink', () => {
  it('sends nothing once the time of the request is over, however long it was held up before', async () => {
    const { sink, sent } = sinkOf({ heldUpForMs: 3_000 });

    await expect(sink.putRecords(request)).rejects.toMatchObject({ code: 'REQUEST_TOO_LATE', disposition: 'retry' });
    expect(sent).toEqual([]);
  });

  it('sends what is in time', async () => {
    const { sink, sent } = sinkOf({ heldUpForMs: 2_999 });

    await expect(sink.putRecords(request)).rejects.toMatchObject({ code: 'KINESIS_UNAVAILABLE' });
    expect(sent).toEqual(['Kinesis_20131202.PutRecords']);
  });
});

const request = { stream: 'out', records: [{ partitionKey: 'k', data: Buffer.from('x') }], timeoutMs: 3_000 };

/** A sink whose credentials take their time, and whose every request ends in a broken connection. */
function sinkOf({ heldUpForMs }: { heldUpForMs: number }) {
  const clock = new ManualClock();
  const sent: Array<string | undefined> = [];
  const requestHandler = createRequestHandler();
  requestHandler.handle = ({ headers }) => {
    sent.push(headers['x-amz-target']);
    return Promise.reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
  };
  const credentials = async () => {
    clock.advance(heldUpForMs);
    return { accessKeyId: 'test', secretAccessKey: 'test' };
  };
  return { sink: createKinesisSink({ region: 'us-east-1', credentials, requestHandler }, clock), sent };
}
