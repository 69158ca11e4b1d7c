/**
 * The function server of the benchmarks: as little work as a server can do. Prints its URL.
 *
 *     node bench/functions/function-server.main.ts [--delay NAME:MS ...]
 *
 * A function named `keep…` stores its state anew, one value of 1 KiB; one named `pass…` sends each message on to the egress `bench/out`.
 * `--delay` lets a function take its time. `GET /figures` answers how many requests there were.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { KINESIS_EGRESS_RECORD } from '@sluice/function-protocol';
import { decodeRequest, encodeAnswer } from '@sluice/function-protocol/testing';
import protobuf from 'protobufjs';
import { BLOB, STATE_NAME, STATE_TYPE } from './bodies.ts';

const { values } = parseArgs({ options: { delay: { type: 'string', multiple: true, default: [] } } });
const delays = new Map(values.delay.map((text) => text.split(':') as [string, string]).map(([name, ms]) => [name, Number(ms)]));
let requests = 0;

const INCOMPLETE = encodeAnswer({
  incomplete_invocation_context: { missing_values: [{ state_name: STATE_NAME, type_typename: STATE_TYPE, expiration_spec: { mode: 0 } }] },
});
const KEEP = encodeAnswer({
  invocation_result: {
    state_mutations: [{ mutation_type: 1, state_name: STATE_NAME, state_value: { typename: STATE_TYPE, has_value: true, value: BLOB } }],
  },
});

const server = createServer((request, response) => {
  const name = request.url!.slice(1);
  if (name === 'figures') {
    response.end(JSON.stringify({ requests }));
    return;
  }
  void bodyOf(request).then(async (body) => {
    requests += 1;
    const waitMs = delays.get(name);
    if (waitMs !== undefined) await delay(waitMs);
    const answer = name.startsWith('pass') ? pass(body) : body.includes(STATE_NAME) ? KEEP : INCOMPLETE;
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': answer.length }).end(answer);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`));

function pass(body: Buffer): Uint8Array {
  const { target, invocations } = decodeRequest(body);
  return encodeAnswer({
    invocation_result: {
      outgoing_egresses: invocations.map(({ argument }) => ({
        egress_namespace: 'bench',
        egress_type: 'out',
        argument: { typename: KINESIS_EGRESS_RECORD, has_value: true, value: egressRecord(target.id, argument.value) },
      })),
    },
  });
}

const egressRecord = (partitionKey: string, data: Uint8Array): Uint8Array =>
  protobuf.Writer.create().uint32(10).string(partitionKey).uint32(18).bytes(data).uint32(26).string('out').finish();

function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  return new Promise((resolve, reject) => {
    request
      .on('data', (part: Buffer) => parts.push(part))
      .on('end', () => resolve(parts.length === 1 ? parts[0]! : Buffer.concat(parts)))
      .on('error', reject);
  });
}
