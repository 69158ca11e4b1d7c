/**
 * Functions written with the JavaScript SDK of Stateful Functions, unmodified. Prints its URL.
 *
 * `demo/greeter` counts the visits of a person, greets them on an egress, and reminds itself a little later, unless they come again first.
 * `demo/visits` counts the visits of all.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { type Context, kinesisEgressMessage, type Message, messageBuilder, StateFun } from 'apache-flink-statefun';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const REMINDER = StateFun.jsonType<{ of: string }>('demo/reminder');
const statefun = new StateFun();

statefun.bind({
  typename: 'demo/greeter',
  specs: [
    { name: 'seen', type: StateFun.intType() },
    { name: 'last', type: StateFun.stringType(), expireAfterWrite: 3_600_000 },
  ],
  fn(context: Context, message: Message) {
    const { storage, self } = context;
    if (message.is(REMINDER)) {
      context.send(greeting(self.id, `${self.id} came last as ${storage.last}`));
      return;
    }
    // 0 is a value without bytes, and is not the same as none.
    storage.seen = storage.seen === null ? 0 : storage.seen + 1;
    storage.last = message.asString();
    context.send(greeting(self.id, `hello ${storage.last}, seen before: ${storage.seen}`));
    context.send(messageBuilder({ typename: 'demo/visits', id: 'all', value: self.id }));
    context.cancelDelayedMessage('reminder');
    context.sendAfter(
      200,
      messageBuilder({ typename: 'demo/greeter', id: self.id, value: { of: self.id }, valueType: REMINDER }),
      'reminder',
    );
  },
});

statefun.bind({
  typename: 'demo/visits',
  specs: [{ name: 'visits', type: StateFun.intType() }],
  fn(context: Context) {
    context.storage.visits = (context.storage.visits ?? 0) + 1;
    context.send(greeting('visits', `visit ${context.storage.visits} by ${context.caller!.id}`));
  },
});

const greeting = (partitionKey: string, value: string) =>
  kinesisEgressMessage({ typename: 'demo/greetings', stream: 'out', partitionKey, value });

const server = createServer((request, response) => void statefun.handler()(request, response));
server.listen(Number(values.port), '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`));
