import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What the stand-in saw and what it answers; tests change it as they go. */
export interface AwsStandIn extends AsyncDisposable {
  readonly url: string;
  /** Lines such as `AssumeRole arn:… external-id key-id` and `PUT /latest/api/token`, in order. */
  readonly calls: string[];
  /** Seconds until what it hands out next expires. */
  lifetimeSeconds: number;
  /** While set, every call is refused with this status. */
  refuseWith: number | undefined;
}

/** Plays STS (AssumeRole, AssumeRoleWithWebIdentity) and the instance metadata service (version 2) on loopback. */
export async function startAwsStandIn(): Promise<AwsStandIn> {
  let handedOut = 0;
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    if (standIn.refuseWith !== undefined) return answer(response, standIn.refuseWith, 'refused');
    handedOut += 1;
    const keys = {
      id: `AKIA${handedOut}`,
      secret: `secret${handedOut}`,
      token: `token${handedOut}`,
      expiration: new Date(Date.now() + standIn.lifetimeSeconds * 1_000).toISOString(),
    };
    if (request.method === 'POST') return answerSts(response, body, request, keys);
    return answerMetadata(response, request, keys);
  });

  const answerSts = (response: ServerResponse, body: string, request: IncomingMessage, keys: HandedOut) => {
    const form = new URLSearchParams(body);
    const action = form.get('Action') ?? '';
    const signedBy = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? 'nobody';
    standIn.calls.push([action, form.get('RoleArn'), form.get('ExternalId') ?? '-', signedBy].join(' '));
    answer(response, 200, assumedRole(action, keys), 'text/xml');
  };
  const answerMetadata = (response: ServerResponse, request: IncomingMessage, keys: HandedOut) => {
    standIn.calls.push(`${request.method} ${request.url}`);
    if (request.method === 'PUT') return answer(response, 200, 'metadata-token');
    if (request.headers['x-aws-ec2-metadata-token'] !== 'metadata-token') return answer(response, 401, 'no token');
    if (request.url === '/latest/meta-data/placement/region') return answer(response, 200, 'eu-central-1');
    if (request.url === '/latest/meta-data/iam/security-credentials/') return answer(response, 200, 'the-role');
    if (request.url === '/latest/meta-data/iam/security-credentials/the-role') return answer(response, 200, instanceKeys(keys));
    return answer(response, 404, 'unknown');
  };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const standIn: AwsStandIn = {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    calls: [],
    lifetimeSeconds: 3_600,
    refuseWith: undefined,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return standIn;
}

interface HandedOut {
  readonly id: string;
  readonly secret: string;
  readonly token: string;
  readonly expiration: string;
}

const answer = (response: ServerResponse, status: number, body: string, type = 'text/plain') => {
  response.writeHead(status, { 'content-type': type }).end(body);
};

const assumedRole = (action: string, { id, secret, token, expiration }: HandedOut) =>
  `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><AssumedRoleUser><Arn>arn</Arn><AssumedRoleId>id</AssumedRoleId></AssumedRoleUser>` +
  `<Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey><SessionToken>${token}</SessionToken><Expiration>${expiration}</Expiration></Credentials>` +
  `</${action}Result></${action}Response>`;

const instanceKeys = ({ id, secret, token, expiration }: HandedOut) =>
  JSON.stringify({
    Code: 'Success',
    Type: 'AWS-HMAC',
    LastUpdated: expiration,
    AccessKeyId: id,
    SecretAccessKey: secret,
    Token: token,
    Expiration: expiration,
  });

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += piece;
  return text;
}
