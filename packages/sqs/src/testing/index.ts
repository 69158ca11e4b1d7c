export { type QueueStub, type StoredMessage, startQueueStub } from './queue-stub.ts';
