/** Paths and who answers them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { notFound, plain } from './plain.ts';

/** @param variables what stands in the place of `{name}` in the path */
export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  variables: Readonly<Record<string, string>>,
) => Promise<void> | void;

interface Route {
  readonly pattern: RegExp;
  readonly handle: Handler;
}

export class Routes {
  readonly #routes = new Set<Route>();
  readonly #rootPath: string;

  /** @param rootPath each path is also answered below it */
  constructor(rootPath = '') {
    this.#rootPath = rootPath.replace(/\/$/, '');
  }

  get size(): number {
    return this.#routes.size;
  }

  /** Answers requests to a path until `signal` is aborted; resolves then. */
  add(path: string, handle: Handler, signal: AbortSignal): Promise<void> {
    const route = { pattern: patternOf(path), handle };
    this.#routes.add(route);
    return new Promise((resolve) => {
      const end = () => {
        this.#routes.delete(route);
        resolve();
      };
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    });
  }

  readonly answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = pathOf(request);
    const paths = this.#rootPath !== '' && path.startsWith(`${this.#rootPath}/`) ? [path.slice(this.#rootPath.length), path] : [path];
    for (const { pattern, handle } of this.#routes) {
      const found = paths.map((candidate) => pattern.exec(candidate)).find(Boolean);
      if (!found) continue;
      void Promise.resolve(handle(request, response, { ...found.groups })).catch((error: Error) => plain(response, 400, error.message));
      return;
    }
    notFound(response);
  };
}

export const pathOf = ({ url = '/' }: IncomingMessage): string => url.replace(/\?.*$/s, '');

/** `{name}` stands for one segment, `{name:pattern}` for what matches. */
const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path
      .split(/(\{[a-zA-Z_]\w*(?::[^{}]*)?\})/)
      .map((part) => {
        const [, name, pattern] = /^\{([a-zA-Z_]\w*)(?::(.*))?\}$/s.exec(part) ?? [];
        return name === undefined ? part.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&') : `(?<${name}>${pattern ?? '[^/]+'})`;
      })
      .join('')}$`,
  );
