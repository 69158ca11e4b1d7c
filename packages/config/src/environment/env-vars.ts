/**
 * The pass that puts environment variables into a file before it is YAML.
 *
 *     ${NAME}  ${NAME:default}  ${NAME|base64decode}  ${NAME:default|base64decode}      ${{NAME:default}} is the escape
 *
 * As Benthos has it: without a default an unset variable is reported and becomes empty; a default serves an unset and an empty one;
 * a default may hold `${!…}` one brace deep; the last `|` of a default names a function. Benthos matches with RE2; the
 * scanners here accept the same texts in linear time. Stateful Functions has no variables: in a module.yaml an unset one stays as it is
 * written.
 */
import type { ProblemLog } from '../problem/problem.ts';
import { type Replacement, rewriteText } from '../source/rewritten-text.ts';
import type { SourceText } from '../source/source-file.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const NAME = /[0-9A-Za-z_.]+/y;
const FUNCTION = /\|[0-9A-Za-z]+(?=\})/y;
/** Longest default inside an escape; bounds the search for its end. */
const MAX_ESCAPED = 4_096;

export const replaceEnvVariables = (source: SourceText, env: Environment, log: ProblemLog): SourceText =>
  unescapeReferences(
    replaceReferences(source, env, log, (name, offset) => {
      log.chillable(
        'env.missing',
        source.locate(offset),
        `required environment variable \`${name}\` is not set; set it, or write a default: \`\${${name}:default}\``,
      );
      return 'replace';
    }),
  );

/** As {@link replaceEnvVariables}, for a module.yaml. */
export const replaceModuleVariables = (source: SourceText, env: Environment, log: ProblemLog): SourceText =>
  unescapeReferences(
    replaceReferences(source, env, log, (name, offset) => {
      log.tolerate(
        'env.missing',
        source.locate(offset),
        `environment variable \`${name}\` is not set, so \`\${${name}}\` is taken as it is written; set it, or write a default: \`\${${name}:default}\``,
      );
      return 'keep';
    }),
  );

function replaceReferences(
  source: SourceText,
  env: Environment,
  log: ProblemLog,
  onMissing: (name: string, offset: number) => 'keep' | 'replace',
): SourceText {
  const { text } = source;
  const replacements: Replacement[] = [];
  const lastClose = text.lastIndexOf('}');
  for (let at = text.indexOf('${'); at !== -1 && at < lastClose; ) {
    const end = endOfReference(text, at);
    if (end === undefined) {
      at = text.indexOf('${', at + 2);
      continue;
    }
    const reference = readReference(text.slice(at + 2, end), env);
    const { name, value, isFromEnv, isMissing } = reference;
    const isKept = isMissing && onMissing(name, at) === 'keep';
    if (reference.problem) log.error('env.invalid', source.locate(at), reference.problem);
    if (!isKept) replacements.push({ from: at, to: end + 1, text: value.replaceAll('\n', '\\n'), ...(isFromEnv && { variable: name }) });
    at = text.indexOf('${', end + 1);
  }
  return rewriteText(source, replacements);
}

/** Offset of the brace that closes the reference opened at `at`; `undefined` where the text is no reference. */
function endOfReference(text: string, at: number): number | undefined {
  const nameEnd = endOfName(text, at + 2);
  if (nameEnd === undefined) return undefined;
  if (text[nameEnd] === ':') return endsOfDefault(text, nameEnd + 1, text.length)[0];
  FUNCTION.lastIndex = nameEnd;
  const end = FUNCTION.test(text) ? FUNCTION.lastIndex : nameEnd;
  return text[end] === '}' ? end : undefined;
}

function endOfName(text: string, start: number): number | undefined {
  NAME.lastIndex = start;
  return NAME.test(text) ? NAME.lastIndex : undefined;
}

/**
 * Where a default that starts at `start` may end, best first: at the first brace outside a nested `${…}`, or, should that
 * fail, at the braces of the nested ones, last first.
 */
function endsOfDefault(text: string, start: number, limit: number): number[] {
  const nested: number[] = [];
  let at = start;
  while (at < limit) {
    const close = text.indexOf('}', at);
    if (close === -1 || close >= limit) break;
    const open = text.indexOf('${', at);
    if (open === -1 || open > close || close === open + 2) return [close, ...nested.reverse()];
    nested.push(close);
    at = close + 1;
  }
  return nested.reverse();
}

interface Reference {
  readonly name: string;
  readonly value: string;
  readonly isMissing: boolean;
  /** Else the default in the text stands. */
  readonly isFromEnv: boolean;
  readonly problem: string | undefined;
}

function readReference(body: string, env: Environment): Reference {
  const colon = body.indexOf(':');
  const specifier = colon === -1 ? body : body.slice(colon + 1);
  const pipe = specifier.lastIndexOf('|');
  const plain = pipe === -1 ? specifier : specifier.slice(0, pipe);
  const decoder = pipe === -1 ? '' : specifier.slice(pipe + 1);
  const name = colon === -1 ? plain : body.slice(0, colon);
  const set = Object.hasOwn(env, name) ? env[name] : undefined;
  const isFromEnv = colon === -1 || (set !== undefined && set !== '');
  const value = isFromEnv ? (set ?? '') : plain;
  const reference = { name, value, isMissing: colon === -1 && set === undefined, isFromEnv, problem: undefined };
  if (decoder === '') return reference;
  if (decoder !== 'base64decode')
    return {
      ...reference,
      problem: `unknown function \`${decoder}\` after \`|\`: the only one is \`base64decode\`; the last \`|\` of a default begins a function`,
    };
  const decoded = decodeBase64(value);
  const what = isFromEnv ? `value of environment variable \`${name}\`` : `default of \`${name}\``;
  return { ...reference, value: decoded ?? '', problem: decoded === undefined ? `the ${what} is not base64` : undefined };
}

/** Standard alphabet, padded, line breaks allowed. */
function decodeBase64(text: string): string | undefined {
  const compact = text.replaceAll(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(compact)) return undefined;
  return Buffer.from(compact, 'base64').toString('utf8');
}

/** `${{NAME:default}}` → `${NAME:default}`. */
function unescapeReferences(source: SourceText): SourceText {
  const { text } = source;
  const replacements: Replacement[] = [];
  for (let at = text.indexOf('${{'); at !== -1; ) {
    const nameEnd = endOfName(text, at + 3);
    const ends = nameEnd === undefined ? [] : text[nameEnd] === ':' ? endsOfDefault(text, nameEnd + 1, nameEnd + MAX_ESCAPED) : [nameEnd];
    const end = ends.find((candidate) => text.startsWith('}}', candidate));
    if (end === undefined) {
      at = text.indexOf('${{', at + 3);
      continue;
    }
    replacements.push({ from: at, to: end + 2, text: `$${text.slice(at + 2, end + 1)}` });
    at = text.indexOf('${{', end + 2);
  }
  return rewriteText(source, replacements);
}
