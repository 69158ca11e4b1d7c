import {
  BloblangError,
  encodeJsonForHtml,
  firstDocument,
  isArray,
  isObject,
  parseJson,
  parseJsonFloats,
  type Value,
  type ValueObject,
} from '@sluice/values';
import { compilePattern } from '../../regexp/compile-pattern.ts';
import { has, invalidType, Keys } from './keys.ts';
import { References } from './references.ts';
import { type Schema, type SchemaType, TYPES } from './schema.ts';

/** A schema of drafts 4, 6 or 7; one that names no draft may use all of them. Throws BloblangError if it makes no sense. */
export function compileSchema(text: string): Schema {
  const document = firstDocument(text, parseJson);
  if (!isObject(document) && typeof document !== 'boolean') throw new BloblangError('schema is invalid');
  return new Compiler(document).compile(document);
}

/** A value as JSON with every number in the same form, so that equal values have equal texts. */
export const comparableText = (value: Value): string => encodeJsonForHtml(parseJsonFloats(encodeJsonForHtml(value)));

class Compiler {
  private readonly references: References;
  private readonly draft: number;
  /** Schemas that are referred to, by address. */
  private readonly compiled = new Map<string, Schema>();

  constructor(document: Value) {
    this.references = new References(document);
    this.draft = draftOf(document);
  }

  compile(value: Value | undefined): Schema {
    const schema = emptySchema();
    if (typeof value === 'boolean' && this.draft >= 6) return { ...schema, verdict: value };
    if (value === undefined || !isObject(value)) throw new BloblangError('Expected: valid schema, given: Invalid JSON');
    if (has(value, '$ref')) return { ...schema, target: this.reference(value) };
    const keys = new Keys(value);
    Object.assign(
      schema,
      this.common(keys),
      this.numeric(keys),
      this.textual(keys),
      this.arrays(keys),
      this.objects(keys),
      this.combined(keys),
    );
    if (has(value, 'definitions')) this.schemas(keys, 'definitions');
    return schema;
  }

  private reference(object: ValueObject): () => Schema {
    const reference = object['$ref'];
    if (typeof reference !== 'string') throw invalidType('string', '$ref');
    const { address, value } = this.references.find(reference, this.references.baseOf(object));
    if (!isObject(value) && typeof value !== 'boolean') throw new BloblangError('schema must be of type object');
    if (!this.compiled.has(address)) {
      // Known before it is compiled, since it may refer to itself.
      const pending = emptySchema();
      this.compiled.set(address, pending);
      Object.assign(pending, this.compile(value));
    }
    const target = this.compiled.get(address)!;
    return () => target;
  }

  private common(keys: Keys): Partial<Schema> {
    const enumeration = keys.array('enum')?.map(comparableText);
    if (enumeration !== undefined && new Set(enumeration).size < enumeration.length) throw new BloblangError('enum items must be unique');
    const constant = this.draft >= 6 && keys.has('const') ? { constant: comparableText(keys.get('const')) } : {};
    return { types: readTypes(keys), ...(enumeration === undefined ? {} : { enumeration }), ...constant };
  }

  private numeric(keys: Keys): Partial<Schema> {
    const multipleOf = keys.number('multipleOf', (key) => invalidType('number', key));
    if (multipleOf !== undefined && multipleOf.coefficient <= 0n) throw new BloblangError('multipleOf must be strictly greater than 0');
    const minimum = keys.number('minimum');
    const maximum = keys.number('maximum');
    const lower = keys.exclusive('exclusiveMinimum', 'minimum', minimum);
    const upper = keys.exclusive('exclusiveMaximum', 'maximum', maximum);
    return defined({
      multipleOf,
      minimum: lower.isInclusive ? minimum : undefined,
      maximum: upper.isInclusive ? maximum : undefined,
      exclusiveMinimum: lower.bound,
      exclusiveMaximum: upper.bound,
    });
  }

  private textual(keys: Keys): Partial<Schema> {
    const minLength = keys.count('minLength');
    const maxLength = keys.count('maxLength');
    if (minLength !== undefined && maxLength !== undefined && minLength > maxLength) {
      throw new BloblangError('minLength cannot be greater than maxLength');
    }
    const source = keys.string('pattern', (key) => new BloblangError(`${key} must be of a string`));
    const pattern = source === undefined ? undefined : { source, compiled: compileOr(source, 'pattern must be a valid regex') };
    return defined({
      minLength,
      maxLength,
      pattern,
      format: keys.string('format', (key) => new BloblangError(`${key} must be of type string`)),
    });
  }

  private arrays(keys: Keys): Partial<Schema> {
    const items = keys.get('items');
    const contains = this.draft >= 6 && keys.has('contains') ? this.compile(keys.get('contains')) : undefined;
    return defined({
      items: keys.has('items') ? this.items(items) : undefined,
      additionalItems: this.schemaOrFalse(keys, 'additionalItems'),
      minItems: keys.count('minItems'),
      maxItems: keys.count('maxItems'),
      hasUniqueItems: keys.bool('uniqueItems'),
      contains,
    });
  }

  private items(value: Value): Schema | readonly Schema[] {
    const items = isArray(value) ? value : [value];
    if (!items.every(isSchema)) throw invalidType('valid schema/array of schemas', 'items');
    return isArray(value) ? value.map((item) => this.compile(item)) : this.compile(value);
  }

  private objects(keys: Keys): Partial<Schema> {
    const minProperties = keys.count('minProperties');
    const maxProperties = keys.count('maxProperties');
    if (minProperties !== undefined && maxProperties !== undefined && minProperties > maxProperties) {
      throw new BloblangError('minProperties cannot be greater than maxProperties');
    }
    const required = keys.array('required') ?? [];
    if (!required.every((name) => typeof name === 'string')) throw new BloblangError('required items must be string');
    if (new Set(required).size < required.length) throw new BloblangError('required items must be unique');
    const patterns = [...this.schemas(keys, 'patternProperties')];
    return {
      ...defined({
        minProperties,
        maxProperties,
        additionalProperties: this.schemaOrFalse(keys, 'additionalProperties'),
        propertyNames: this.draft >= 6 && keys.has('propertyNames') ? this.compile(keys.get('propertyNames')) : undefined,
      }),
      required: required as string[],
      properties: this.schemas(keys, 'properties'),
      patternProperties: patterns.map(([source, schema]) => ({ compiled: compileOr(source, `Invalid regex pattern '${source}'`), schema })),
      dependencies: this.dependencies(keys),
    };
  }

  private combined(keys: Keys): Partial<Schema> {
    // In the original's text, `allOf` goes by the name of its sibling.
    const several = (key: string, name = key): Schema[] => (keys.array(key, name) ?? []).map((value) => this.compile(value));
    const one = (key: string): Schema | undefined => {
      if (!keys.has(key)) return undefined;
      if (!isSchema(keys.get(key))) throw new BloblangError(`${key} must be of an object`);
      return this.compile(keys.get(key));
    };
    const when = this.draft >= 7 ? one('if') : undefined;
    return {
      ...defined({ not: one('not'), condition: when === undefined ? undefined : { when, onMatch: one('then'), onMismatch: one('else') } }),
      anyOf: several('anyOf'),
      oneOf: several('oneOf'),
      allOf: several('allOf', 'anyOf'),
    };
  }

  private schemaOrFalse(keys: Keys, key: string): Schema | false | undefined {
    const value = keys.get(key);
    if (!keys.has(key) || value === true) return undefined;
    if (value === false) return false;
    if (!isObject(value)) throw invalidType('boolean/valid schema', key);
    return this.compile(value);
  }

  private schemas(keys: Keys, key: string): Map<string, Schema> {
    if (!keys.has(key)) return new Map();
    const value = keys.get(key);
    if (!isObject(value)) throw new BloblangError(`${key} must be of type object`);
    return new Map(Object.entries(value).map(([name, child]) => [name, this.compile(child)]));
  }

  private dependencies(keys: Keys): Map<string, Schema | readonly string[]> {
    if (!keys.has('dependencies')) return new Map();
    const value = keys.get('dependencies');
    if (!isObject(value)) throw new BloblangError('dependencies must be of type object');
    return new Map(
      Object.entries(value).map(([name, dependency]): [string, Schema | readonly string[]] => {
        if (!isArray(dependency)) return [name, this.compile(dependency)];
        if (dependency.every((item) => typeof item === 'string')) return [name, dependency as string[]];
        throw new BloblangError('dependency must be of type schema or array of strings');
      }),
    );
  }
}

const emptySchema = (): Schema => ({
  types: [],
  properties: new Map(),
  patternProperties: [],
  required: [],
  dependencies: new Map(),
  anyOf: [],
  oneOf: [],
  allOf: [],
});

const isSchema = (value: Value): boolean => isObject(value) || typeof value === 'boolean';

/** The object without what is undefined. */
function defined<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function compileOr(source: string, problem: string): ReturnType<typeof compilePattern> {
  try {
    return compilePattern(source);
  } catch (error) {
    throw error instanceof BloblangError ? new BloblangError(problem) : error;
  }
}

/** A document that names no draft that is known may use what any of them has. */
function draftOf(document: Value): number {
  const name = isObject(document) && has(document, '$schema') ? document['$schema'] : undefined;
  if (name !== undefined && typeof name !== 'string') throw new BloblangError('$schema must be of type string');
  const [, draft] = /^http:\/\/json-schema\.org\/draft-0([467])\/schema#?$/.exec(name ?? '') ?? [];
  return draft === undefined ? Number.POSITIVE_INFINITY : Number(draft);
}

function readTypes(keys: Keys): SchemaType[] {
  if (!keys.has('type')) return [];
  const value = keys.get('type');
  const names = isArray(value) ? value : [value];
  if (!names.every((name) => typeof name === 'string')) throw invalidType('string/array of strings', 'type');
  const seen = new Set<string>();
  for (const name of names as string[]) {
    if (!(TYPES as readonly string[]).includes(name)) {
      throw new BloblangError(`has a primitive type that is NOT VALID -- given: /${name}/ Expected valid values are:[${TYPES.join(' ')}]`);
    }
    if (seen.has(name)) throw new BloblangError(`${name} type is duplicated`);
    seen.add(name);
  }
  return names as SchemaType[];
}
