/**
 * A function server with two functions. `greeter` counts what an address gets in its state, and for each message sends a greeting to the
 * egress `ex/out`, one to `mirror` at once and one later. `mirror` counts what it gets.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeTypedValue, KINESIS_EGRESS_RECORD } from '@sluice/function-protocol';
import { decodeRequest, encodeAnswer, encodeKinesisRecord } from '@sluice/function-protocol/testing';

const TEXT = 'ex/text';
const STATE = 'count';

export interface GreeterOptions {
  /** Any free one where absent. */
  readonly port?: number;
  /** How long the address of a message with this id takes, milliseconds. */
  readonly delayOf?: (id: string) => number;
  /** HTTP status of an answer; 200 where absent. */
  readonly statusOf?: (id: string) => number;
}

export interface Greeter extends AsyncDisposable {
  readonly url: string;
  /** `type/id: texts` of each request that was answered with a result. */
  readonly requests: ReadonlyArray<{
    readonly type: string;
    readonly id: string;
    readonly texts: readonly string[];
    readonly headers: Readonly<Record<string, unknown>>;
  }>;
}

export async function startGreeter({ port = 0, delayOf = () => 0, statusOf = () => 200 }: GreeterOptions = {}): Promise<Greeter> {
  const requests: Greeter['requests'][number][] = [];
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { target, states, invocations } = decodeRequest(Buffer.concat(chunks));
    const delayMs = delayOf(target.id);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    const status = statusOf(target.id);
    response.writeHead(status, { 'content-type': 'application/octet-stream' });
    if (status !== 200) return void response.end();
    if (!(STATE in states)) {
      const missing = { state_name: STATE, type_typename: TEXT, expiration_spec: { mode: 0 } };
      return void response.end(encodeAnswer({ incomplete_invocation_context: { missing_values: [missing] } }));
    }
    const before = Number(states[STATE] ? Buffer.from(states[STATE].value).toString() : 0);
    const texts = invocations.map(({ argument }) => Buffer.from(argument.value).toString());
    requests.push({ type: target.type, id: target.id, texts, headers: request.headers });
    response.end(
      encodeAnswer({ invocation_result: target.type === 'greeter' ? greet(target.id, before, texts) : count(before, texts.length) }),
    );
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, '127.0.0.1', resolve);
  await promise;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const textValue = (text: string) => ({ typename: TEXT, has_value: true, value: Buffer.from(text) });

const count = (before: number, messages: number) => ({
  state_mutations: [{ mutation_type: 1, state_name: STATE, state_value: textValue(String(before + messages)) }],
});

function greet(id: string, before: number, texts: readonly string[]) {
  const mirror = { namespace: 'ex', type: 'mirror', id };
  const argument = encodeTypedValue({ typename: TEXT, value: Buffer.from('hello') });
  return {
    ...count(before, texts.length),
    outgoing_messages: texts.map(() => ({ target: mirror, argument })),
    delayed_invocations: texts.map(() => ({ delay_in_ms: 20, target: mirror, argument })),
    outgoing_egresses: texts.map((text, index) => ({
      egress_namespace: 'ex',
      egress_type: 'out',
      argument: {
        typename: KINESIS_EGRESS_RECORD,
        has_value: true,
        value: encodeKinesisRecord({
          partition_key: Buffer.from(id),
          value_bytes: Buffer.from(`${text} ${before + index + 1}`),
          stream: 'greetings',
        }),
      },
    })),
  };
}
