/**
 * The total of each customer's orders: what the `processRecords` of a KCL application did, as a function. Records of a key come one at a
 * time and in order; the total is kept by Sluice and changes together with the acknowledgement of the record.
 *
 *     node totals.mjs [PORT]
 */
import { createServer } from 'node:http';
import { kinesisEgressMessage, StateFun } from 'apache-flink-statefun';

const Order = StateFun.jsonType('com.example/Order');
const statefun = new StateFun();

statefun.bind({
  typename: 'com.example/totals',
  specs: [{ name: 'total', type: StateFun.floatType() }],
  fn(context, message) {
    const { price } = message.as(Order);
    context.storage.total = (context.storage.total ?? 0) + price;
    const customer = context.self.id;
    context.send(
      kinesisEgressMessage({
        typename: 'com.example/totals-out',
        stream: 'totals',
        partitionKey: customer,
        value: JSON.stringify({ customer, total: context.storage.total }),
      }),
    );
  },
});

createServer(statefun.handler()).listen(Number(process.argv[2] ?? 8004), '127.0.0.1');
