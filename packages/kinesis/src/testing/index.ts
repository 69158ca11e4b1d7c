export { FakeKinesis } from './fake-kinesis.ts';
