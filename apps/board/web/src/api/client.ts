/** Asks the board. Addresses are relative, so that the page works behind any path. */
import type { ActionAnswer, Session } from './types.ts';

/** The board answered that it will not or cannot; or nobody answered (`UNREACHABLE`). */
export class ApiError extends Error {
  readonly code: string;
  /** 0 where nobody answered. */
  readonly status: number;

  constructor(message: string, code: string, status: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const TIMEOUT_MS = 15_000;

/** @throws {ApiError} */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return send<T>(path, { headers: { accept: 'application/json' } }, TIMEOUT_MS, signal);
}

let session: Promise<Session> | undefined;

/** Read once, and again after a failure. @throws {ApiError} */
export function readSession(): Promise<Session> {
  session ??= get<Session>('api/session').catch((error: unknown) => {
    session = undefined;
    throw error;
  });
  return session;
}

/** A rewind waits until workers have let go, which takes its own time. */
const ACTION_TIMEOUT_MS = 180_000;

/** @throws {ApiError} */
export async function act(name: string, input: unknown, dryRun: boolean): Promise<ActionAnswer> {
  try {
    return await post(name, { input, dryRun });
  } catch (error) {
    // The board has started anew and knows another token.
    if (!(error instanceof ApiError) || error.code !== 'CSRF_TOKEN_INVALID') throw error;
    session = undefined;
    return post(name, { input, dryRun });
  }
}

async function post(name: string, body: unknown): Promise<ActionAnswer> {
  const { csrfToken } = await readSession();
  const headers = { accept: 'application/json', 'content-type': 'application/json', 'x-csrf-token': csrfToken };
  return send(`api/actions/${encodeURIComponent(name)}`, { method: 'POST', headers, body: JSON.stringify(body) }, ACTION_TIMEOUT_MS);
}

async function send<T>(path: string, init: RequestInit, timeoutMs: number, signal?: AbortSignal): Promise<T> {
  const limit = AbortSignal.timeout(timeoutMs);
  let answer: Response;
  let body: unknown;
  try {
    answer = await fetch(path, { ...init, cache: 'no-store', signal: signal ? AbortSignal.any([signal, limit]) : limit });
    body = await answer.json().catch(() => undefined);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(
      limit.aborted ? `the board did not answer within ${timeoutMs / 1_000} s` : 'the board does not answer',
      'UNREACHABLE',
      0,
    );
  }
  if (answer.ok && body !== undefined) return body as T;
  const { error, code } = (body ?? {}) as { error?: string; code?: string };
  throw new ApiError(
    error ?? `the board answered ${answer.status} ${answer.statusText}`.trim(),
    code ?? `HTTP_${answer.status}`,
    answer.status,
  );
}
