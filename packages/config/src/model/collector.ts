import type { CollectorSettings } from './settings.ts';

/** A collector with its headers revealed, for the one who sends. */
export const collectorOf = ({ endpoint, headers }: CollectorSettings) => ({
  endpoint,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.reveal() ?? ''])),
});
