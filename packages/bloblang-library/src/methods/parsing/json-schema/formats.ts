import { isIP } from 'node:net';
import { parseGoUrl } from '@sluice/codecs';
import { BloblangError, compileParse } from '@sluice/values';
import { compilePattern } from '../../regexp/compile-pattern.ts';

/** Whether a text has a format; formats that are not known are no demand. */
export const hasFormat = (format: string, text: string): boolean => FORMATS.get(format)?.(text) ?? true;

/** Every format that is known demands a text, so a number has none of them. */
export const isKnownFormat = (format: string): boolean => FORMATS.has(format);

const succeeds = (run: () => unknown): boolean => {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof BloblangError) return false;
    throw error;
  }
};

const inLayouts = (...layouts: string[]) => {
  const parsers = layouts.map(compileParse);
  return (text: string): boolean => parsers.some((parse) => succeeds(() => parse(text)));
};

const isUrl = (text: string): boolean => !text.includes('\\') && succeeds(() => parseGoUrl(text));
const isAbsoluteUrl = (text: string): boolean => isUrl(text) && parseGoUrl(text).scheme !== '';
const isUrlTemplate = (text: string): boolean => isUrl(text) && /^(?:[^{}]|\{[^}]*\}|\})*$/.test(parseGoUrl(text).path);

const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const HOST_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);

/** A mailbox, with or without a name before it; comments, groups and lists are not taken. */
const ATOM = '[^\\s()<>[\\]:;@\\\\,."]+';
const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
const ADDRESS = `(?:${ATOM}(?:\\.${ATOM})*|${QUOTED})@(?:${ATOM}(?:\\.${ATOM})*|\\[[^\\]]*\\])`;
const MAILBOX = new RegExp(`^(?:\\s*${ADDRESS}|(?:[^()<>[\\]:;@\\\\,"]|${QUOTED})*<${ADDRESS}>)\\s*$`);

const FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['date', inLayouts('2006-01-02')],
  ['time', inLayouts('15:04:05Z07:00', '15:04:05')],
  ['date-time', inLayouts('15:04:05', '15:04:05Z07:00', '2006-01-02', '2006-01-02T15:04:05.999999999Z07:00')],
  ['hostname', (text) => text.length < 256 && HOST_NAME.test(text)],
  ['email', (text) => MAILBOX.test(text)],
  ['idn-email', (text) => MAILBOX.test(text)],
  ['ipv4', (text) => isIP(text) !== 0 && text.includes('.')],
  ['ipv6', (text) => isIP(text) === 6 && !text.includes('%')],
  ['uri', isAbsoluteUrl],
  ['uri-reference', isUrl],
  ['iri', isAbsoluteUrl],
  ['iri-reference', isUrl],
  ['uri-template', isUrlTemplate],
  ['uuid', (text) => /^[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}$/.test(text)],
  ['regex', (text) => succeeds(() => compilePattern(text))],
  ['json-pointer', (text) => /^(?:\/(?:[^~/]|~0|~1)*)*$/.test(text)],
  ['relative-json-pointer', (text) => /^(?:0|[1-9][0-9]*)(?:#|(?:\/(?:[^~/]|~0|~1)*)*)$/.test(text)],
]);
