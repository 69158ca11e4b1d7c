import type { SluiceRecord } from '@sluice/core';

/** A message of a story. Its name tells it from every other. */
export interface StoryMessage {
  readonly name: string;
  /** Who sent it; '' for the outside. */
  readonly sender: string;
  /** Counts up for each sender and target. */
  readonly sequence: number;
  /** By Redis' clock, ms; 0 for a message that was not delayed. */
  readonly notBefore: number;
}

/** What the story's function sends out for each message that it processes. */
export interface Processed {
  readonly id: string;
  /** The value of its counter after the message. */
  readonly count: number;
  readonly message: StoryMessage;
  readonly sent: readonly string[];
  /** Names of delayed messages. */
  readonly delayed: readonly string[];
  /** By Redis' clock, ms: before its commit. */
  readonly at: number;
}

export const toRecord = (id: string, content: StoryMessage | Processed): SluiceRecord => ({
  partitionKey: id,
  data: Buffer.from(JSON.stringify(content)),
  metadata: {},
});

export const fromRecord = <Content>({ data }: SluiceRecord): Content => JSON.parse(Buffer.from(data).toString()) as Content;
