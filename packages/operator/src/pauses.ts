import type { Pause } from '@sluice/lease';

/** `paused since 2026-01-01T00:00:00.000Z by ada@host: maintenance`. */
export const pauseText = ({ atMs, by, reason }: Pause): string =>
  `paused since ${new Date(atMs).toISOString()} by ${by}${reason ? `: ${reason}` : ''}`;
