/**
 * Grok expressions as github.com/Jeffail/grok has them: regular expressions of RE2 in which `%{NAME:field:type}` stands for a named pattern.
 */
import { BloblangError, parseFloat64, parseInt64, type Value } from '@sluice/values';
import { RE2JS } from 're2js';
import { DEFAULT_PATTERNS } from './default-patterns.ts';

export interface GrokOptions {
  /** Beside the default ones, or in their place. */
  readonly patterns: Readonly<Record<string, string>>;
  readonly useDefaults: boolean;
  /** Whether only patterns with a field name are captured; else every pattern is, by its own name. */
  readonly namedOnly: boolean;
  readonly removeEmpty: boolean;
}

/** What a text holds by field, in no order; `undefined` where the expression does not match. A field that stands twice has its last value. */
export type Grok = (text: string) => ReadonlyMap<string, Value> | undefined;

/** A regular expression made of a pattern, and what its groups mean. */
interface Expansion {
  readonly expression: string;
  /** Fields whose names are no names of groups, by the name that stands for them there. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly types: ReadonlyMap<string, string>;
}

const REFERENCE = /%\{([\w\-.]+(?::[\w\-.]+(?::[\w\-.]+)?)?)\}/g;
const GROUP = /(\\.)|\(\?P?<(\w+)>/gs;

/** Compiles expressions that share patterns. Throws BloblangError for a pattern that is not there or does not compile. */
export function grokCompiler(options: GrokOptions): (expression: string) => Grok {
  const { patterns, useDefaults, namedOnly } = options;
  const sources = new Map(Object.entries({ ...(useDefaults ? DEFAULT_PATTERNS : {}), ...patterns }));
  if (useDefaults) for (const [name, source] of Object.entries(DEFAULT_PATTERNS)) sources.set(name, source);
  const known = new Map<string, Expansion>();
  const patternOf = (name: string, users: readonly string[]): Expansion => {
    const ready = known.get(name);
    if (ready) return ready;
    const source = sources.get(name);
    if (source === undefined || users.includes(name)) throw new BloblangError(`no pattern found for %{${name}}`);
    const expansion = expand(source, namedOnly, (inner) => patternOf(inner, [...users, name]));
    known.set(name, expansion);
    return expansion;
  };
  for (const name of Object.keys(patterns)) patternOf(name, []);
  return (expression) =>
    compile(
      expand(expression, namedOnly, (name) => patternOf(name, [])),
      options,
    );
}

function expand(source: string, namedOnly: boolean, patternOf: (name: string) => Expansion): Expansion {
  const types = new Map<string, string>();
  const aliases = new Map<string, string>();
  let expression = source;
  for (const [whole, reference] of source.matchAll(REFERENCE)) {
    const [name, field, type] = reference!.split(':') as [string, string?, string?];
    const safe = (field ?? name).replace(/\W/g, '_');
    if (safe !== (field ?? name)) aliases.set(safe, field ?? name);
    if (type !== undefined && type !== 'string') types.set(safe, type);
    const inner = patternOf(name);
    for (const [key, hint] of inner.types) if (!types.has(key)) types.set(key, hint.toLowerCase());
    for (const [key, alias] of inner.aliases) if (!aliases.has(key)) aliases.set(key, alias);
    const isCaptured = !namedOnly || field !== undefined;
    expression = expression.replaceAll(whole, () => `(${isCaptured ? `?P<${safe}>` : ''}${inner.expression})`);
  }
  return { expression, aliases, types };
}

/** RE2 lets a name stand once, and a pattern may bring it in twice: groups are numbered here, and the names kept beside. */
function compile({ expression, aliases, types }: Expansion, { removeEmpty }: GrokOptions): Grok {
  const names: string[] = [];
  const numbered = expression.replace(GROUP, (whole, escaped: string | undefined, name: string | undefined) => {
    if (escaped !== undefined || name === undefined) return whole;
    return `(?P<g${names.push(name) - 1}>`;
  });
  const pattern = compileRe2(numbered);
  const groups = pattern.namedGroups() as Readonly<Record<string, number>>;
  const fields = names.map((name, index) => ({ group: groups[`g${index}`]!, field: aliases.get(name) ?? name, type: types.get(name) }));
  fields.sort((a, b) => a.group - b.group);
  return (text) => {
    const matcher = pattern.matcher(text);
    if (!matcher.find()) return undefined;
    const values = new Map<string, Value>();
    for (const { group, field, type } of fields) {
      const found = matcher.group(group) ?? '';
      if (found === '' && removeEmpty) continue;
      values.set(field, typed(found, type));
    }
    return values;
  };
}

function compileRe2(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    throw new BloblangError((error as Error).message);
  }
}

/** Throws BloblangError for a text that is not of the type, or a type that there is not. */
function typed(text: string, type: string | undefined): Value {
  switch (type) {
    case undefined:
      return text;
    case 'int':
      return parseInt64(text, 10);
    case 'float':
      return parseFloat64(text);
    default:
      throw new BloblangError(`the value ${text} cannot be converted to ${type}: expected int, float or string`);
  }
}
