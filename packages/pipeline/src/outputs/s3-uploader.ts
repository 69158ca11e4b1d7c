import type { Message } from '@sluice/bloblang';
import type { BloblangSource } from '@sluice/config';
import { inParts } from '@sluice/core';
import { type AwsSettings, createAwsClientSettings } from '@sluice/credentials';
import { isHeaderText, isMetadataName, type ObjectProperties, ObjectStoreError, openObjectStore } from '@sluice/object-store';
import type { ComponentContext } from '../component.ts';
import { failureOf, MessageRejectedError } from '../errors.ts';
import type { MessageSink } from './message-sink.ts';
import { type MessageText, messageText, metadataTexts } from './message-text.ts';

export interface S3Options extends Readonly<Record<HeaderSetting | 'path' | 'content_type', BloblangSource>> {
  readonly bucket: string;
  readonly tags: Readonly<Record<string, BloblangSource>>;
  readonly metadata: { readonly exclude_prefixes: readonly string[] };
  readonly kms_key_id: string;
  readonly server_side_encryption: string;
  readonly force_path_style_urls: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  readonly aws: AwsSettings;
}

/** Sent where they are not empty, as a property of the object. */
const HEADERS = {
  content_encoding: 'contentEncoding',
  cache_control: 'cacheControl',
  content_disposition: 'contentDisposition',
  content_language: 'contentLanguage',
  website_redirect_location: 'websiteRedirectLocation',
  storage_class: 'storageClass',
} as const satisfies Record<string, keyof ObjectProperties>;

type HeaderSetting = keyof typeof HEADERS;

/** Of an object, where S3 is busy or does not answer. */
const ATTEMPTS = 3;

interface Draft {
  readonly index: number;
  readonly key: string;
  readonly content: Uint8Array;
  readonly properties: ObjectProperties;
}

/** Stores messages as objects, one after the other. What follows one that could not be stored, for no fault of its own, fails with it. */
export async function openS3Uploader(options: S3Options, { clock, logger, signal }: ComponentContext): Promise<MessageSink> {
  const { bucket, force_path_style_urls: isPathStyle, timeout: timeoutMs, aws } = options;
  const settings = await createAwsClientSettings(aws, { env: process.env, clock, logger, service: 'S3' });
  const store = await openObjectStore({ bucket, isPathStyle, timeoutMs, attempts: ATTEMPTS }, settings);
  const toDraft = draftMaker(options);

  async function put({ key, content, properties }: Draft): Promise<Error | undefined> {
    try {
      await store.put(key, content, properties, signal);
      return undefined;
    } catch (error) {
      if (error instanceof ObjectStoreError && error.isOfObject) return new MessageRejectedError(error.message, { cause: error });
      throw error;
    }
  }

  async function putAll(drafts: readonly Draft[]): Promise<readonly (Error | undefined)[]> {
    try {
      return await inParts(drafts, { maxItems: 1 }, async ([draft]) => [await put(draft!)]);
    } catch (error) {
      return drafts.map(() => error as Error);
    }
  }

  return {
    async write(messages) {
      const failures = new Map<number, Error>();
      const drafts: Draft[] = [];
      for (const index of messages.keys()) {
        try {
          drafts.push(toDraft(messages, index));
        } catch (error) {
          failures.set(index, error as Error);
        }
      }
      for (const [place, error] of (await putAll(drafts)).entries()) if (error) failures.set(drafts[place]!.index, error);
      const failure = failureOf(failures, messages.length);
      if (failure) throw failure;
    },
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}

function draftMaker(options: S3Options): (messages: readonly Message[], index: number) => Draft {
  const { metadata, kms_key_id: kmsKeyId, server_side_encryption: encryption } = options;
  const path = messageText('path', options.path);
  const contentType = headerText('content_type', options.content_type);
  const headers = (Object.keys(HEADERS) as HeaderSetting[]).map((name) => [HEADERS[name], headerText(name, options[name])] as const);
  const tags = Object.entries(options.tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, source]) => [name, messageText(`tags.${name}`, source)] as const);
  const serverSideEncryption = encryption || (kmsKeyId && 'aws:kms') || undefined;
  return (messages, index) => {
    const key = path(messages, index);
    if (key === '') throw new MessageRejectedError('`path`: expected the key of an object, got an empty text');
    const message = messages[index]!;
    return {
      ...{ index, key, content: message.content },
      properties: {
        contentType: contentType(messages, index),
        ...Object.fromEntries(headers.map(([name, text]) => [name, text(messages, index) || undefined])),
        ...{ serverSideEncryption, kmsKeyId: kmsKeyId || undefined },
        metadata: Object.fromEntries(metadataTexts(message, metadata.exclude_prefixes).filter(([name]) => isMetadataName(name))),
        tags: Object.fromEntries(tags.map(([name, text]) => [name, text(messages, index)])),
      },
    };
  };
}

/** @throws {MessageRejectedError} no header can have the text */
function headerText(name: string, source: BloblangSource): MessageText {
  const text = messageText(name, source);
  return (messages, index) => {
    const value = text(messages, index);
    if (!isHeaderText(value)) throw new MessageRejectedError(`\`${name}\`: expected ASCII without control characters, got other text`);
    return value;
  };
}
