/**
 * Part of each program of the bundle, and loaded first: stack traces name the files and lines of the sources. Node's own flag for it reads
 * all source maps at the start; here a map is read when the first trace needs it.
 */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

const PLACE = /(file:\/\/[^\s)]+\.js):(\d+):(\d+)/;

const maps = new Map<string, SourceMap | undefined>();

Error.prepareStackTrace = (error, frames) => [String(error), ...frames.map((frame) => `    at ${inSources(String(frame))}`)].join('\n');

function inSources(frame: string): string {
  return frame.replace(PLACE, (place, url: string, line: string, column: string) => {
    const origin = mapOf(url)?.findEntry(Number(line) - 1, Number(column) - 1);
    return origin && 'originalSource' in origin
      ? `${origin.originalSource}:${origin.originalLine + 1}:${origin.originalColumn + 1}`
      : place;
  });
}

function mapOf(url: string): SourceMap | undefined {
  if (!maps.has(url)) maps.set(url, readMap(url));
  return maps.get(url);
}

/** `undefined` where there is none, or there is no stack left to read it with. */
function readMap(url: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8')));
  } catch {
    return undefined;
  }
}
