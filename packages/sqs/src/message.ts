/** What SQS takes of a message, as of November 2026. A queue may take less: it then refuses the entry. */
import { MessageRefusedError, MessageTooLargeError } from './errors.ts';

export interface QueueMessage {
  readonly body: string;
  /** Of texts, by name. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Messages of a group keep their order in a queue that keeps order. */
  readonly groupId?: string | undefined;
  /** A queue that keeps order takes a message once for each of these within five minutes. */
  readonly deduplicationId?: string | undefined;
  /** Until it can be received. @default as the queue has it */
  readonly delaySeconds?: number | undefined;
}

/** Of a message, and of all messages of a call. */
export const MAX_BYTES = 1024 * 1024;

export const ATTRIBUTE_TYPE = 'String';

/** As SQS counts: attributes with their names and types. */
export const sizeOf = ({ body, attributes }: QueueMessage): number =>
  Object.entries(attributes).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + ATTRIBUTE_TYPE.length + Buffer.byteLength(value),
    Buffer.byteLength(body),
  );

/** What XML has no place for, and SQS therefore refuses. */
const FOREIGN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** Whether SQS takes a text as the value of an attribute. */
export const isAttributeValue = (text: string): boolean => text !== '' && !FOREIGN.test(text);

/** Whether SQS takes a text as the name of an attribute. */
export const isAttributeName = (text: string): boolean => /^[\w.-]{1,256}$/.test(text) && !/^(?:aws|amazon)\.|^\.|\.\.|\.$/i.test(text);

/** Why a message needs not be sent: SQS would refuse it, and with it all messages of its call. */
export function refusalOf(message: QueueMessage, url: string): Error | undefined {
  const bytes = sizeOf(message);
  if (bytes > MAX_BYTES) return new MessageTooLargeError(url, bytes, MAX_BYTES);
  if (message.body === '') return new MessageRefusedError(url, invalid('expected a body, got an empty one'));
  const foreign = FOREIGN.exec(message.body);
  if (!foreign) return undefined;
  const point = foreign[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return new MessageRefusedError(
    url,
    invalid(`expected text without control characters, got U+${point} at character ${foreign.index + 1}; encode it, for example in base64`),
  );
}

const invalid = (reason: string): Error => Object.assign(new Error(reason), { name: 'InvalidMessageContents' });
