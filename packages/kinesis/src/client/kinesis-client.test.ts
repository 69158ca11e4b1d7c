import { describe, expect, it } from 'vitest';
import { RequestNotSentError } from '../errors.ts';
import { createKinesisClient } from './kinesis-client.ts';
import { createRequestHandler } from './request-handler.ts';

describe('createKinesisClient', () => {
  it('asks whether a request may be sent once it is signed, however long that took, and sends nothing if not', async () => {
    const { client, sent, signing } = clientOf();
    let isOwner = true;
    const put = client.putRecords({ ...request, canSend: () => isOwner });
    isOwner = false;
    signing.resolve();

    await expect(put).rejects.toMatchObject({ code: 'REQUEST_NOT_SENT', disposition: 'retry' });
    expect(sent).toEqual([]);
  });

  it('ends a read with what is thrown right before it is sent, once it is signed', async () => {
    const { client, sent, signing } = clientOf();
    let isOwner = true;
    const beforeSending = () => {
      if (!isOwner) throw new RequestNotSentError({ stream: 'in' });
    };
    const read = client.getRecords({ stream: 'in', shardId: 'a', iterator: 'i', limit: 1, beforeSending });
    isOwner = false;
    signing.resolve();

    await expect(read).rejects.toMatchObject({ code: 'REQUEST_NOT_SENT' });
    expect(sent).toEqual([]);
  });

  it('sends what may be sent', async () => {
    const { client, sent, signing } = clientOf();
    signing.resolve();

    await expect(client.putRecords({ ...request, canSend: () => true })).rejects.toMatchObject({ code: 'KINESIS_UNAVAILABLE' });
    expect(sent).toEqual(['Kinesis_20131202.PutRecords']);
  });
});

const request = { stream: 'out', records: [{ partitionKey: 'k', data: Buffer.from('x') }] };

/** A client whose requests are signed when the test says, and end in a broken connection. */
function clientOf() {
  const sent: Array<string | undefined> = [];
  const signing = Promise.withResolvers<void>();
  const requestHandler = createRequestHandler();
  requestHandler.handle = ({ headers }) => {
    sent.push(headers['x-amz-target']);
    return Promise.reject(Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' }));
  };
  const credentials = async () => {
    await signing.promise;
    return { accessKeyId: 'test', secretAccessKey: 'test' };
  };
  return { client: createKinesisClient({ region: 'us-east-1', credentials, requestHandler }), sent, signing };
}
