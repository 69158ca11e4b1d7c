import { type Definition, type Environment, signatureText } from '@sluice/bloblang';
import { defaultEnvironment } from '@sluice/bloblang-library';
import { surroundingsAt } from './source-position.ts';

export interface Candidate {
  /** What is put in the place of the word begun. */
  readonly text: string;
  /** What is shown of it. */
  readonly label: string;
}

export interface Completion {
  /** Where the word that is completed begins. */
  readonly start: number;
  /** In the order of the alphabet, fields of the sample first. */
  readonly candidates: readonly Candidate[];
}

const FIELD_PATH = /\bthis((?:\.[A-Za-z0-9_]+)*)\.[A-Za-z0-9_]*$/;

/** What the word before the cursor may become: a field of the sample, a method, or a function. */
export function completionAt(source: string, cursor: number, sample: unknown, environment: Environment = defaultEnvironment): Completion {
  const before = source.slice(0, cursor);
  const word = /[A-Za-z0-9_]*$/.exec(before)![0];
  const start = cursor - word.length;
  const lead = before[start - 1] ?? '';
  if (surroundingsAt(source, cursor).isInText || lead === '$' || lead === '@') return { start, candidates: [] };
  if (lead === '.') {
    const candidates = [...fieldCandidates(before, sample), ...callCandidates(environment.methods.values())];
    return { start, candidates: beginningWith(word, candidates) };
  }
  return { start, candidates: word === '' ? [] : beginningWith(word, callCandidates(environment.functions.values())) };
}

/** The beginning that all candidates share. */
export function commonPrefix(candidates: readonly Candidate[]): string {
  const [first = '', ...rest] = candidates.map(({ text }) => text);
  let length = first.length;
  for (const text of rest) while (!text.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}

/** The signature and description of the function or method whose arguments are being typed, or of the one just named. */
export function helpAt(source: string, cursor: number, environment: Environment = defaultEnvironment): string | undefined {
  const { isInText, call } = surroundingsAt(source, cursor);
  const named = isInText ? null : /(\.?)([a-z0-9_]+)$/.exec(source.slice(0, cursor));
  const known =
    (named && find(environment, named[2]!, named[1] === '.')) ?? (call && find(environment, call.name, call.isMethod)) ?? undefined;
  return known && `${signatureText(known)} — ${known.description}`;
}

const find = ({ functions, methods }: Environment, name: string, isMethod: boolean): Definition | undefined =>
  isMethod ? methods.get(name) : functions.get(name);

const beginningWith = (word: string, candidates: readonly Candidate[]): Candidate[] =>
  candidates.filter(({ text }) => text.startsWith(word));

const callCandidates = (definitions: Iterable<Definition>): Candidate[] =>
  [...definitions]
    .filter(({ status }) => status !== 'hidden' && status !== 'deprecated')
    .map((definition) => {
      const takesNothing = definition.parameters.length === 0 && !definition.isVariadic;
      return { text: `${definition.name}(${takesNothing ? ')' : ''}`, label: definition.name };
    })
    .sort((a, b) => a.label.localeCompare(b.label));

function fieldCandidates(before: string, sample: unknown): Candidate[] {
  const path = FIELD_PATH.exec(before)?.[1];
  if (path === undefined) return [];
  let value = sample;
  for (const name of path.split('.').slice(1)) value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  if (!isRecord(value) || Array.isArray(value)) return [];
  return Object.keys(value)
    .sort()
    .map((name) => (/^[A-Za-z0-9_]+$/.test(name) ? name : JSON.stringify(name)))
    .map((text) => ({ text, label: text }));
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
