import type { DestinationStream } from 'pino';

const LEVELS: Readonly<Record<number, string>> = { 20: 'DEBUG', 30: 'INFO', 40: 'WARN', 50: 'ERROR' };

/** Turns JSON lines of pino into lines for people: time, level, message, then the facts as `name=value`. */
export const prettyLines = (to: DestinationStream): DestinationStream => ({ write: (line) => to.write(prettyLine(line)) });

export function prettyLine(line: string): string {
  const { level, time, msg, ...facts } = JSON.parse(line) as { level: number; time: string; msg?: string; [fact: string]: unknown };
  const shown = Object.entries(facts).map(([name, value]) => `${name}=${valueText(value)}`);
  return `${[time, (LEVELS[level] ?? String(level)).padEnd(5), msg ?? '', ...shown].join(' ')}\n`;
}

/** Bare where that is unambiguous, else JSON. */
const valueText = (value: unknown): string =>
  typeof value === 'string' && /^[^\s"=\p{Cc}]+$/u.test(value) ? value : JSON.stringify(value);
