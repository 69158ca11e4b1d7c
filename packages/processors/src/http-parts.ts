import { randomUUID } from 'node:crypto';
import type { Interpolation, Message } from '@sluice/bloblang';
import { type Part, packParts } from '@sluice/codecs';
import { compileInterpolation } from './bloblang-text.ts';
import { attemptTo, ContentError, isFailure } from './failure.ts';
import type { PartOptions } from './http-options.ts';
import type { ProcessorSettings } from './processor.ts';

export interface HttpBody {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** A body whose parts the configuration names, each made for a message. What it answers throws what flags the message. */
export function compileParts(
  options: readonly PartOptions[],
  settings: ProcessorSettings,
): (messages: readonly Message[], index: number) => HttpBody {
  const parts = options.map(({ content_type: type, content_disposition: disposition, body }) => ({
    disposition: compileInterpolation(disposition, settings),
    type: compileInterpolation(type, settings),
    body: compileInterpolation(body, settings),
  }));
  return (messages, index) => {
    const made = parts.map(({ disposition, type, body }, place): Part => {
      const what = (name: string) => `multipart ${place} ${name}`;
      return {
        headers: [
          `Content-Disposition: ${lineOf(what('content_disposition'), disposition, messages, index)}`,
          `Content-Type: ${lineOf(what('content_type'), type, messages, index)}`,
        ],
        content: readText(what('body'), () => body.evaluateBytes(messages, index)),
      };
    });
    return formData(made);
  };
}

/** Parts as a form, with a boundary of its own. */
export function formData(parts: readonly Part[]): HttpBody {
  const boundary = randomUUID().replaceAll('-', '');
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: packParts(parts, boundary) };
}

/** Throws a failure that says what could not be read. */
export function readText<T>(what: string, evaluate: () => T): T {
  const result = attemptTo(`${what} interpolation error`, evaluate);
  if (isFailure(result)) throw result;
  return result;
}

/** A header ends at its line. */
function lineOf(what: string, text: Interpolation, messages: readonly Message[], index: number): string {
  const line = readText(what, () => text.evaluate(messages, index));
  if (/[\r\n]/.test(line)) throw new ContentError(`${what}: expected one line, found several`);
  return line;
}
