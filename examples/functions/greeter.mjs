/**
 * A function that greets whoever comes and counts the visits, with the JavaScript SDK of Stateful Functions as it is.
 *
 *     npm install apache-flink-statefun@3.3.0 && PORT=8000 node greeter.mjs
 */
import { createServer } from 'node:http';
import { kinesisEgressMessage, StateFun } from 'apache-flink-statefun';

const VISIT = StateFun.jsonType('example/visit');

const statefun = new StateFun();
statefun.bind({
  typename: 'example/greeter',
  specs: [{ name: 'visits', type: StateFun.intType() }],
  fn(context, message) {
    const { name } = message.as(VISIT);
    const visits = (context.storage.visits ?? 0) + 1;
    context.storage.visits = visits;
    const text = visits === 1 ? `Hello ${name}, nice to meet you!` : `Hello ${name}, welcome back: this is visit ${visits}.`;
    const value = JSON.stringify({ name, visits, text });
    context.send(kinesisEgressMessage({ typename: 'example/greetings', stream: 'greetings', partitionKey: name, value }));
  },
});

const server = createServer(statefun.handler()).listen(Number(process.env.PORT ?? 8000), '127.0.0.1', () => {
  console.log(`greeter listening on http://127.0.0.1:${server.address().port}`);
});
