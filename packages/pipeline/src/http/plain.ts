import type { ServerResponse } from 'node:http';

/** A line of plain text, as Go's `http.Error` answers. */
export function plain(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }).end(`${text}\n`);
}

export const notFound = (response: ServerResponse): void => plain(response, 404, '404 page not found');
