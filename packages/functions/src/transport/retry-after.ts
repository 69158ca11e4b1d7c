/** Milliseconds of a `Retry-After` header, in seconds or as a date; `undefined` where there is none that can be read. */
export function retryAfterMs(header: string | string[] | undefined, nowMs: number): number | undefined {
  const text = [header ?? []].flat()[0]?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
