export { expandAggregate } from './expand-aggregate.ts';
export { FakeKinesis } from './fake-kinesis.ts';
