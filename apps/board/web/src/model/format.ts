/** Numbers, sizes and times as people read them. Units as the command line writes them. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `0 B`, `1.5 KiB`, `12 MiB`. */
export function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  const value = bytes / 1024 ** power;
  return `${power > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}

const COUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const SMALL = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** `12,345`. */
export const countText = (count: number): string => COUNT.format(count);

/** `12,345` up to six digits, then `1.2M`: fits a narrow column. */
export const compactText = (count: number): string => (count < 1_000_000 ? countText(count) : COMPACT.format(count));

/** `4,812`, or `0.4` below ten: a slow stream is not at rest. */
export const rateText = (perSecond: number): string =>
  perSecond > 0 && perSecond < 0.05 ? '< 0.1' : perSecond < 10 ? SMALL.format(perSecond) : countText(perSecond);

/** `0.4 s`, `12 s`, `3 min`, `5 h`, `2 d`. */
export function durationText(ms: number): string {
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 119_500) return `${Math.round(ms / 1_000)} s`;
  if (ms < 7_170_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_000_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

export const secondsText = (seconds: number): string => durationText(seconds * 1_000);

/** `4.2 ms`, `1.4 s`. */
export const latencyText = (ms: number): string => (ms < 1_000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : durationText(ms));

/** `35 %`. */
export const shareText = (share: number): string => `${Math.round(share * 100)} %`;

export const plural = (count: number, noun: string, nouns = `${noun}s`): string => `${countText(count)} ${count === 1 ? noun : nouns}`;

/** `shardId-000000000012` is `12` to a person; another name stays as it is. */
export const shardText = (shardId: string): string => shardId.replace(/^shardId-0*(?=\d)/, '');

/** `2026-11-30 08:15:02`, in the reader's time zone. */
export function timeText(atMs: number): string {
  const date = new Date(atMs);
  if (Number.isNaN(date.getTime())) return '–';
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `3 min ago`. */
export const agoText = (atMs: number, nowMs: number): string => `${durationText(Math.max(0, nowMs - atMs))} ago`;

/** Cuts in the middle, where names of one family differ least. */
export const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, Math.ceil((length - 1) / 2))}…${text.slice(text.length - Math.floor((length - 1) / 2))}`;
