import { isRetryable, type Logger, SluiceError } from '@sluice/core';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** How an error is answered: always as `{ error, code }`, with what was expected and found. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: { readonly error: string; readonly code: string };
}

export type AnswerError = (error: Error) => ErrorAnswer;

/** @param logger takes what is the board's own fault, which the answer does not tell */
export const errorAnswers =
  (logger: Logger): AnswerError =>
  (error) => {
    const status = statusOf(error);
    if (status !== 500) return { status, body: { error: messageOf(error), code: codeOf(error, status) } };
    logger.error('the board cannot answer a request', { reason: error.message });
    return { status, body: { error: 'the board cannot answer; its log says more', code: 'INTERNAL' } };
  };

export const answerNotFound = ({ method, url }: FastifyRequest, reply: FastifyReply): FastifyReply =>
  reply.code(404).send({ error: `expected a path of the board, found ${method} ${url.split('?')[0]}`, code: 'NOT_FOUND' });

function statusOf(error: Error): number {
  const { statusCode = 500 } = error as Partial<FastifyError>;
  if (statusCode < 500) return statusCode;
  if (!(error instanceof SluiceError)) return 500;
  if (isRetryable(error)) return 503;
  // What an action refuses, since things are not as it needs them.
  return error.code === 'OPERATOR_INPUT_INVALID' ? 400 : 409;
}

const NO_LOGIN = 'FST_BASIC_AUTH_MISSING_OR_BAD_AUTHORIZATION_HEADER';

const messageOf = (error: Error): string =>
  (error as Partial<FastifyError>).code === NO_LOGIN ? 'expected a user and a password, found none' : error.message;

function codeOf(error: Error, status: number): string {
  if (error instanceof SluiceError) return error.code;
  return status === 401 ? 'LOGIN_REQUIRED' : 'REQUEST_INVALID';
}
