import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Message } from '@sluice/bloblang';
import { parseInterpolation } from '@sluice/bloblang-library';
import { packMultipart } from '@sluice/codecs';
import type { BloblangSource } from '@sluice/config';
import type { Logger } from '@sluice/core';
import { BatchError } from '../errors.ts';
import { plain } from './plain.ts';

interface SyncResponse {
  readonly status: BloblangSource;
  readonly headers: Readonly<Record<string, BloblangSource>>;
}

/** Answers a request with messages, or with why it was refused. */
export type AnswerOptions = (response: ServerResponse, messages: Message[], failure: Error | undefined) => void;

export function answerTo({ status: statusText, headers: headerTexts }: SyncResponse, logger: Logger): AnswerOptions {
  const status = parseInterpolation(statusText.source);
  const headers = Object.entries(headerTexts).map(([name, value]) => [name, parseInterpolation(value.source)] as const);
  return (response, messages, failure) => {
    if (failure) return plain(response, 502, reasonOf(failure));
    if (messages.length === 0) return void response.writeHead(200).end();
    const code = Number(status.evaluate(messages, 0));
    if (!Number.isInteger(code) || code < 100 || code > 999) {
      logger.error('`sync_response.status` is no status', { status: status.evaluate(messages, 0) });
      return plain(response, 502, 'the status of the answer is no number');
    }
    const given = Object.fromEntries(headers.map(([name, value]) => [name, value.evaluate(messages, 0)]));
    if (messages.length === 1) return void response.writeHead(code, given).end(messages[0]!.content);
    const boundary = randomUUID().replaceAll('-', '');
    const contents = messages.map(({ content }) => content);
    response
      .writeHead(code, { ...given, 'Content-Type': `multipart/form-data; boundary=${boundary}` })
      .end(packMultipart(contents, boundary, [`Content-Type: ${typeOf(contents)}`]));
  };
}

const reasonOf = (failure: Error): string => (failure instanceof BatchError ? [...failure.failures.values()][0]!.message : failure.message);

const isText = (content: Uint8Array): boolean => Buffer.from(Buffer.from(content).toString()).equals(content);

const typeOf = (contents: readonly Uint8Array[]): string =>
  contents.every(isText) ? 'text/plain; charset=utf-8' : 'application/octet-stream';
