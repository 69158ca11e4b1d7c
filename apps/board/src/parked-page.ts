/** The addresses of functions that are parked, as a page to look at. It offers nothing to do: that is for the command line. */

export interface ParkedRow {
  readonly type: string;
  readonly id: string;
  /** Messages that wait. */
  readonly records: number;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly attempts: number;
  readonly retryAt: number;
  readonly reason: { readonly code: string; readonly message: string };
}

const SHOWN = 500;

export function renderParkedPage(rows: readonly ParkedRow[], nowMs: number): string {
  const longest = rows.toSorted((a, b) => a.since - b.since).slice(0, SHOWN);
  const table = `<table><thead><tr>${HEAD.map((title) => `<th>${title}</th>`).join('')}</tr></thead>
<tbody>
${longest.map((row) => rowOf(row, nowMs)).join('\n')}
</tbody></table>`;
  const count = rows.length === 0 ? 'No address is parked.' : `${rows.length} parked, ${longest.length} shown, longest first.`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Sluice: parked addresses</title><meta http-equiv="refresh" content="5"><style>${STYLE}</style></head>
<body>
<h1>Parked addresses of functions</h1>
<p>${count} Each is tried again by itself. <code>sluice functions retry</code> tries one now, <code>sluice functions skip</code> makes its first message a dead letter.</p>
${rows.length === 0 ? '' : table}
</body></html>
`;
}

const HEAD = ['function', 'id', 'messages', 'parked since', 'failed', 'next try', 'reason'];

function rowOf({ type, id, records, since, attempts, retryAt, reason }: ParkedRow, nowMs: number): string {
  const next = retryAt <= nowMs ? 'now' : `in ${Math.ceil((retryAt - nowMs) / 1_000)} s`;
  const cells = [type, id, String(records), new Date(since).toISOString(), `${attempts} ×`, next, `${reason.message} (${reason.code})`];
  return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

const STYLE =
  'body{font:14px system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}th,td{text-align:left;padding:.3rem .8rem;border-bottom:1px solid #ddd;vertical-align:top}';
