import helmet from '@fastify/helmet';
import type { BoardSettings } from '@sluice/config';
import { isLoopback } from '@sluice/worker';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type CsrfTokens, checkOrigin } from './cross-site.ts';
import { BoardLoginMissingError, BoardRefusalError } from './errors.ts';
import { type LoginPorts, requireLogin } from './login.ts';

/** Everything that a page of the board may load comes from the board itself, as files of their own. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    baseUri: ["'self'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

/** @throws {BoardLoginMissingError} others than this machine would reach a board without a login */
export function expectLogin(host: string, { login }: Pick<BoardSettings, 'login'>): void {
  if (!login && !isLoopback(host)) throw new BoardLoginMissingError(host);
}

/** Headers by which a browser lets no other site embed, read or guess what the board answers. Also on what is refused. */
export async function sendSecurityHeaders(server: FastifyInstance): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    // The proxy that terminates TLS sets this for the whole host.
    strictTransportSecurity: false,
  });
}

export interface ProtectOptions extends LoginPorts {
  readonly settings: BoardSettings;
  readonly csrf: CsrfTokens;
}

/** Lets only logged-in users reach the routes of `server`, and lets them change something only from a page of this board. */
export async function protect(server: FastifyInstance, { settings, csrf, clock, logger }: ProtectOptions): Promise<void> {
  await requireLogin(server, settings.login, { clock, logger });
  server.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('cache-control', 'no-store');
    if (request.method === 'GET' || request.method === 'HEAD') return;
    checkOrigin(request.headers, settings.allowedHosts);
    csrf.check(request.boardUser, request.headers);
    if (settings.readOnly)
      throw new BoardRefusalError(403, 'READ_ONLY', 'expected a board that may change something, found one with sluice.board.read_only');
  });
}
