export { type BucketStub, startBucketStub } from './bucket-stub.ts';
