import { readFile } from 'node:fs/promises';
import basicAuth from '@fastify/basic-auth';
import type { BoardLogin } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import type { FastifyInstance } from 'fastify';
import { isSameCredentials } from './credentials.ts';
import { BoardPasswordFileError, BoardRefusalError } from './errors.ts';
import { FailedLogins } from './failed-logins.ts';
import { proxyUserReader } from './proxy-user.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is logged in; `null` where the board has no login. */
    boardUser: string | null;
  }
}

export interface LoginPorts {
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Lets only logged-in users reach the routes of `server`, and notes who asks in `request.boardUser`.
 * @throws {BoardPasswordFileError}
 */
export async function requireLogin(server: FastifyInstance, login: BoardLogin | undefined, ports: LoginPorts): Promise<void> {
  server.decorateRequest('boardUser', null);
  if (login?.type === 'proxy') {
    const readUser = proxyUserReader(login);
    server.addHook('onRequest', async (request) => {
      request.boardUser = readUser(request.raw);
    });
  }
  if (login?.type === 'basic') await requirePassword(server, login, ports);
}

async function requirePassword(
  server: FastifyInstance,
  login: BoardLogin & { readonly type: 'basic' },
  { clock, logger }: LoginPorts,
): Promise<void> {
  const expected = { username: login.username, password: await passwordOf(login.password) };
  const failedLogins = new FailedLogins(clock);
  await server.register(basicAuth, {
    authenticate: { realm: 'Sluice' },
    validate: async (username, password, request) => {
      if (isSameCredentials({ username, password }, expected)) {
        request.boardUser = username;
        return;
      }
      failedLogins.add(request.ip);
      // Not the name: who mistakes the fields types a password there.
      logger.warn('failed login', { address: request.ip });
      throw new BoardRefusalError(401, 'LOGIN_REQUIRED', 'expected the user and the password of sluice.board.login, found others');
    },
  });
  server.addHook('onRequest', async ({ ip }, reply) => {
    const seconds = failedLogins.blockedForSeconds(ip);
    if (seconds === 0) return;
    reply.header('retry-after', seconds);
    throw new BoardRefusalError(429, 'LOGIN_BLOCKED', `too many failed logins from ${ip}; try again in ${seconds} s`);
  });
  server.addHook('onRequest', server.basicAuth);
}

async function passwordOf(password: (BoardLogin & { readonly type: 'basic' })['password']): Promise<string> {
  if (!('file' in password)) return password.reveal();
  const text = await readFile(password.file, 'utf8').catch((cause: unknown) => {
    throw new BoardPasswordFileError(password.file, cause);
  });
  const content = text.replace(/\r?\n$/, '');
  if (content === '') throw new BoardPasswordFileError(password.file, undefined);
  return content;
}
