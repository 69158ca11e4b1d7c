import { once } from 'node:events';
import { createServer } from 'node:http';
import { silentLogger, systemClock } from '@sluice/core';
import type { AwsSettings } from '@sluice/credentials';
import { ResourceError } from '@sluice/processors';
import { describe, expect, it } from 'vitest';
import { glueClients } from './glue-clients.ts';

const ID = '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';
const { signal } = new AbortController();

describe('schemas of AWS Glue', () => {
  it('are read by the id of their version, through the endpoint and with the credentials of the settings', async () => {
    await using stub = await startStub(() => ({ body: { SchemaDefinition: '{}', DataFormat: 'JSON', Status: 'AVAILABLE' } }));
    await using glue = open();
    expect(await glue.open(settingsFor(stub.url)).version(ID, signal)).toEqual({ type: 'JSON', text: '{}', references: [] });
    expect(stub.requests).toEqual([
      {
        target: 'AWSGlue.GetSchemaVersion',
        body: { SchemaVersionId: ID },
        authorization: expect.stringMatching(/Credential=test\/\d+\/eu-west-1\/glue\//),
      },
    ]);
  });

  it('may stand behind an endpoint that the environment names', async () => {
    await using stub = await startStub(() => ({ body: { SchemaDefinition: '{}', DataFormat: 'AVRO' } }));
    await using glue = open({ AWS_ENDPOINT_URL_GLUE: stub.url });
    expect(await glue.open(settingsFor(undefined)).version(ID, signal)).toMatchObject({ type: 'AVRO' });
  });

  it('are asked for again where Glue is throttled, and no more once they are refused', async () => {
    const answers: StubAnswer[] = [
      { status: 400, body: { __type: 'ThrottlingException', message: 'Rate exceeded' } },
      { status: 400, body: { __type: 'EntityNotFoundException', Message: 'Schema version is not found.' } },
    ];
    await using stub = await startStub(() => answers.shift()!);
    await using glue = open();
    const refused = await glue
      .open(settingsFor(stub.url))
      .version(ID, signal)
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ResourceError);
    expect(String(refused)).toContain(`schema '${ID}' cannot be had from AWS Glue: EntityNotFoundException: Schema version is not found.`);
    expect(stub.requests).toHaveLength(2);
  });

  it('cannot be had of what is no answer of the service', async () => {
    await using stub = await startStub(() => ({ status: 400, body: 'oops' }));
    await using glue = open();
    const refused = await glue
      .open(settingsFor(stub.url))
      .version(ID, signal)
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ResourceError);
    expect(String(refused)).not.toMatch(/\n|hidden field/);
  });

  it('cannot be had of an answer without one', async () => {
    await using stub = await startStub(() => ({ body: {} }));
    await using glue = open();
    await expect(glue.open(settingsFor(stub.url)).version(ID, signal)).rejects.toThrow('expected an answer with SchemaDefinition');
  });

  it('are given up with the reason of the signal', async () => {
    const end = new AbortController();
    await using stub = await startStub(() => {
      end.abort(new Error('given up'));
      return { body: {} };
    });
    await using glue = open();
    await expect(glue.open(settingsFor(stub.url)).version(ID, end.signal)).rejects.toThrow('given up');
  });

  it('open new connections after the old ones are closed', async () => {
    await using stub = await startStub(() => ({ body: { SchemaDefinition: '{}', DataFormat: 'AVRO' } }));
    await using glue = open();
    const schemas = glue.open(settingsFor(stub.url));
    await schemas.version(ID, signal);
    await glue.close();
    await schemas.version(ID, signal);
    expect(stub.requests).toHaveLength(2);
  });
});

function open(env: NodeJS.ProcessEnv = {}) {
  const clients = glueClients({ env, clock: systemClock, logger: silentLogger });
  return { ...clients, [Symbol.asyncDispose]: () => clients.close() };
}

const settingsFor = (endpoint: string | undefined): AwsSettings => ({
  ...{ region: 'eu-west-1', endpoint, assumeRole: undefined, http: {} },
  credentials: { type: 'static', accessKeyId: 'test', secretAccessKey: { reveal: () => 'test' }, sessionToken: undefined },
});

interface StubAnswer {
  readonly status?: number;
  /** A text is sent as it is. */
  readonly body: object | string;
}

/** Plays the JSON endpoint of AWS Glue on loopback. */
async function startStub(answer: () => StubAnswer) {
  const requests: object[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { 'x-amz-target': target, authorization } = request.headers;
    requests.push({ target, body: JSON.parse(Buffer.concat(chunks).toString()) as object, authorization });
    const { status = 200, body } = answer();
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
