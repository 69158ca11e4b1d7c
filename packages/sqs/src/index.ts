export { MessageRefusedError, MessageTooLargeError, QueueError } from './errors.ts';
export { isAttributeName, isAttributeValue, type QueueMessage } from './message.ts';
export { type MessageQueue, openQueue } from './message-queue.ts';
