/** Functions written with the unmodified JavaScript SDK of Stateful Functions. */
import { expect, it } from 'vitest';
import { FunctionServer } from './functions-model/function-server.ts';
import { FunctionsStage, STREAM_IN } from './functions-model/stage.ts';

it('runs functions of the JavaScript SDK: state, messages, delayed messages, egress', async () => {
  await using server = await FunctionServer.start('sdk-server.main.ts');
  await using stage = await FunctionsStage.start(`
kind: io.statefun.kinesis.v1/ingress
spec:
  id: demo/in
  startupPosition: { type: earliest }
  streams: [{ stream: ${STREAM_IN}, valueType: io.statefun.types/string, targets: [demo/greeter] }]
---
kind: io.statefun.endpoints.v2/http
spec: { functions: demo/*, urlPathTemplate: "${server.url}/{function.name}" }
---
kind: io.statefun.kinesis.v1/egress
spec: { id: demo/greetings }
`);

  await stage.feed([visit('alice', 'A'), visit('bob', 'B'), visit('alice', 'Al'), visit('alice', 'Ally'), visit('bob', '')]);
  await stage.settled();

  const written = (await stage.written()).map(({ partitionKey, data }) => `${partitionKey}: ${Buffer.from(data).toString()}`);
  const firsts = [...new Set(written)];
  expect(firsts.filter((text) => text.includes('hello')).toSorted()).toEqual([
    'alice: hello A, seen before: 0',
    'alice: hello Al, seen before: 1',
    'alice: hello Ally, seen before: 2',
    'bob: hello , seen before: 1',
    'bob: hello B, seen before: 0',
  ]);
  expect(firsts).toEqual(expect.arrayContaining(['alice: alice came last as Ally', 'bob: bob came last as ']));
  expect(firsts.filter((text) => text.startsWith('visits')).map((text) => text.replace(/ by .*/, ''))).toEqual(
    [1, 2, 3, 4, 5].map((visit) => `visits: visit ${visit}`),
  );
  const { stdout } = await stage.sluice('state', 'get', 'demo/greeter', 'alice', '--format', 'json');
  expect(JSON.parse(stdout)).toMatchObject({ states: { seen: { value: 2 }, last: { value: 'Ally' } } });
});

/** @param name as the wrapper of Stateful Functions for texts: one field, here shorter than 128 bytes */
function visit(partitionKey: string, name: string): { partitionKey: string; data: Buffer } {
  const text = Buffer.from(name);
  return { partitionKey, data: text.length === 0 ? text : Buffer.from([0x0a, text.length, ...text]) };
}
