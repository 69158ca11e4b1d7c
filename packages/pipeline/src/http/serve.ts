import { createServer, type Server } from 'node:http';
import type { ComponentSettings } from '@sluice/config';
import { ComponentConfigError } from '../errors.ts';
import { type Handler, Routes } from './routes.ts';

export interface ServeOptions {
  readonly settings: Pick<ComponentSettings, 'path' | 'position'>;
  readonly signal: AbortSignal;
  /** Called with what ends open connections. */
  readonly onClose: (close: () => Promise<void>) => void;
}

/** Answers requests to one path at an address of its own until `signal` is aborted. */
export async function serve(address: string, path: string, handle: Handler, { settings, signal, onClose }: ServeOptions): Promise<void> {
  const routes = new Routes();
  const server = await listenAt(address, createServer(routes.answer), settings);
  onClose(() => close(server));
  await routes.add(path, handle, signal);
  // Requests in hand are still answered.
  server.close();
}

/** @throws {ComponentConfigError} the address is none, or in use */
export async function listenAt(address: string, server: Server, settings: ServeOptions['settings']): Promise<Server> {
  const [, host = '', port] = /^(.*):(\d{1,5})$/.exec(address) ?? [];
  if (port === undefined || Number(port) > 65_535)
    throw new ComponentConfigError(settings, `\`address\`: expected \`host:port\` with a port of 0 to 65535, found \`${address}\``);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new ComponentConfigError(settings, `cannot listen on ${address}: ${error.message}`, error)));
    server.listen(Number(port), host === '' ? '0.0.0.0' : host.replace(/^\[(.*)\]$/, '$1'), resolve);
  });
  return server;
}

export function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
