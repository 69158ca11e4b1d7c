/**
 * Checks values against JSON schemas as gojsonschema does: its mix of drafts 4, 6 and 7, its texts, their order. The validators there
 * are for JavaScript compile code from the schema, which here may come with the data, and match patterns in exponential time.
 */
import { formatG, isArray, isObject, sortedKeys, type Value, type ValueObject } from '@sluice/values';
import { comparableText } from './compile-schema.ts';
import { compareDecimals, type Decimal, isMultiple, isWhole, toNumber } from './decimal.ts';
import { hasFormat, isKnownFormat } from './formats.ts';
import { decimalOf } from './keys.ts';
import type { Schema, SchemaType } from './schema.ts';

export interface Violation {
  /** The way to the value, `(root)` for the whole. */
  readonly field: string;
  readonly description: string;
  /** The property that the description names, whose letters keep their case. */
  readonly property?: string;
}

/** What is wrong with a document as it came from a JSON parser. */
export function validate(schema: Schema, value: Value): readonly Violation[] {
  return checked(schema, value, '(root)').violations;
}

/** The violations found so far, and how well the value does all the same: of several schemas that fail, those of the best one are reported. */
class Outcome {
  readonly field: string;
  readonly violations: Violation[] = [];
  score = 0;

  constructor(field: string) {
    this.field = field;
  }

  get isValid(): boolean {
    return this.violations.length === 0;
  }

  add(description: string, property?: string): void {
    this.violations.push({ field: this.field, description, ...(property === undefined ? {} : { property }) });
    this.score -= 2;
  }

  merge({ violations, score }: Outcome): void {
    this.violations.push(...violations);
    this.score += score;
  }
}

function checked(schema: Schema, value: Value, field: string): Outcome {
  const outcome = new Outcome(field);
  check(schema, value, outcome);
  return outcome;
}

/** A property of the whole is named without it. */
const fieldOf = (parent: string, key: string): string => (parent === '(root)' ? key : `${parent}.${key}`);

function check(schema: Schema, value: Value, outcome: Outcome): void {
  if (schema.verdict !== undefined) {
    if (!schema.verdict) outcome.add('False always fails validation');
    return;
  }
  if (schema.target !== undefined) {
    check(schema.target(), value, outcome);
    return;
  }
  const number = decimalOf(value);
  const type = typeOf(value, number);
  const isExpected = schema.types.length === 0 || schema.types.includes(type) || (type === 'integer' && schema.types.includes('number'));
  if (!isExpected) {
    const expected = schema.types.length === 1 ? schema.types[0] : `[${schema.types.join(',')}]`;
    outcome.add(`Invalid type. Expected: ${expected}, given: ${type}`);
    return;
  }
  checkCombinations(schema, value, outcome);
  if (isArray(value)) checkArray(schema, value, outcome);
  else if (isObject(value)) checkObject(schema, value, outcome);
  else if (number !== undefined) checkNumber(schema, number, outcome);
  checkConstants(schema, value, outcome);
  if (typeof value === 'string') checkText(schema, value, outcome);
  if (isObject(value)) checkProperties(schema, value, outcome);
  outcome.score++;
}

function typeOf(value: Value, number: Decimal | undefined): SchemaType {
  if (value === null) return 'null';
  if (number !== undefined) return isWhole(number) ? 'integer' : 'number';
  if (isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'boolean' : typeof value === 'string' ? 'string' : 'object';
}

function checkCombinations(schema: Schema, value: Value, outcome: Outcome): void {
  const attempt = (alternative: Schema): Outcome => checked(alternative, value, outcome.field);
  if (schema.anyOf.length > 0) checkAnyOf(schema.anyOf, attempt, outcome);
  if (schema.oneOf.length > 0) checkOneOf(schema.oneOf.map(attempt), outcome);
  if (schema.allOf.length > 0) checkAllOf(schema.allOf.map(attempt), outcome);
  if (schema.not !== undefined && attempt(schema.not).isValid) outcome.add('Must not validate the schema (not)');
  checkDependencies(schema, value, outcome);
  if (schema.condition !== undefined) {
    const { when, onMatch, onMismatch } = schema.condition;
    const applies = attempt(when).isValid;
    const result = applies ? onMatch && attempt(onMatch) : onMismatch && attempt(onMismatch);
    if (result !== undefined && !result.isValid) {
      outcome.add(applies ? 'Must validate "then" as "if" was valid' : 'Must validate "else" as "if" was not valid');
      outcome.merge(result);
    }
  }
  outcome.score++;
}

function checkAnyOf(schemas: readonly Schema[], attempt: (schema: Schema) => Outcome, outcome: Outcome): void {
  let best: Outcome | undefined;
  for (const schema of schemas) {
    const result = attempt(schema);
    if (result.isValid) return;
    if (best === undefined || result.score > best.score) best = result;
  }
  outcome.add('Must validate at least one schema (anyOf)');
  if (best !== undefined) outcome.merge(best);
}

function checkOneOf(results: readonly Outcome[], outcome: Outcome): void {
  const valid = results.filter(({ isValid }) => isValid).length;
  if (valid === 1) return;
  outcome.add('Must validate one and only one schema (oneOf)');
  if (valid === 0) outcome.merge(results.reduce((best, result) => (result.score > best.score ? result : best)));
}

function checkAllOf(results: readonly Outcome[], outcome: Outcome): void {
  for (const result of results) outcome.merge(result);
  if (!results.every(({ isValid }) => isValid)) outcome.add('Must validate all the schemas (allOf)');
}

function checkDependencies(schema: Schema, value: Value, outcome: Outcome): void {
  if (schema.dependencies.size === 0 || !isObject(value)) return;
  for (const key of sortedKeys(value)) {
    const dependency = schema.dependencies.get(key);
    if (dependency === undefined) continue;
    if (!Array.isArray(dependency)) check(dependency as Schema, value, outcome);
    else for (const name of dependency as string[]) if (!Object.hasOwn(value, name)) outcome.add(`Has a dependency on ${name}`);
  }
}

function checkConstants({ constant, enumeration }: Schema, value: Value, outcome: Outcome): void {
  if (constant !== undefined && comparableText(value) !== constant) outcome.add(`${outcome.field} does not match: ${constant}`);
  if (enumeration !== undefined && enumeration.length > 0 && !enumeration.includes(comparableText(value))) {
    outcome.add(`${outcome.field} must be one of the following: ${enumeration.join(', ')}`);
  }
  outcome.score++;
}

function checkNumber(schema: Schema, number: Decimal, outcome: Outcome): void {
  const { multipleOf, maximum, exclusiveMaximum, minimum, exclusiveMinimum, format } = schema;
  const shown = (bound: Decimal): string => formatG(toNumber(bound));
  if (multipleOf && !isMultiple(number, multipleOf)) outcome.add(`Must be a multiple of ${shown(multipleOf)}`);
  if (maximum && compareDecimals(number, maximum) > 0) outcome.add(`Must be less than or equal to ${shown(maximum)}`);
  if (exclusiveMaximum && compareDecimals(number, exclusiveMaximum) >= 0) outcome.add(`Must be less than ${shown(exclusiveMaximum)}`);
  if (minimum && compareDecimals(number, minimum) < 0) outcome.add(`Must be greater than or equal to ${shown(minimum)}`);
  if (exclusiveMinimum && compareDecimals(number, exclusiveMinimum) <= 0) outcome.add(`Must be greater than ${shown(exclusiveMinimum)}`);
  if (format !== undefined && isKnownFormat(format)) outcome.add(`Does not match format '${format}'`);
  outcome.score++;
}

function checkText({ minLength, maxLength, pattern, format }: Schema, text: string, outcome: Outcome): void {
  const length = minLength === undefined && maxLength === undefined ? 0 : [...text].length;
  if (minLength !== undefined && length < minLength) outcome.add(`String length must be greater than or equal to ${minLength}`);
  if (maxLength !== undefined && length > maxLength) outcome.add(`String length must be less than or equal to ${maxLength}`);
  if (pattern !== undefined && !pattern.compiled.matcher(text).find()) outcome.add(`Does not match pattern '${pattern.source}'`);
  if (format !== undefined && !hasFormat(format, text)) outcome.add(`Does not match format '${format}'`);
  outcome.score++;
}

function checkArray(schema: Schema, values: readonly Value[], outcome: Outcome): void {
  const { items, additionalItems, minItems, maxItems, contains } = schema;
  const list = Array.isArray(items) ? (items as readonly Schema[]) : undefined;
  values.forEach((value, index) => {
    const itemSchema =
      list === undefined ? (items as Schema | undefined) : (list[index] ?? (list.length > 0 ? additionalItems : undefined));
    if (itemSchema) outcome.merge(checked(itemSchema, value, fieldOf(outcome.field, String(index))));
  });
  const isTooLong = list !== undefined && list.length > 0 && additionalItems === false && values.length > list.length;
  if (isTooLong) outcome.add('No additional items allowed on array');
  if (minItems !== undefined && values.length < minItems) outcome.add(`Array must have at least ${minItems} items`);
  if (maxItems !== undefined && values.length > maxItems) outcome.add(`Array must have at most ${maxItems} items`);
  if (schema.hasUniqueItems) checkUnique(values, outcome);
  if (contains !== undefined) {
    let best: Outcome | undefined;
    for (const [index, value] of values.entries()) {
      const result = checked(contains, value, fieldOf(outcome.field, String(index)));
      if (best === undefined || result.isValid || result.score > best.score) best = result;
      if (result.isValid) break;
    }
    if (best?.isValid !== true) outcome.add('At least one of the items must match');
    if (best !== undefined && !best.isValid) outcome.merge(best);
  }
  outcome.score++;
}

function checkUnique(values: readonly Value[], outcome: Outcome): void {
  const seen = new Map<string, number>();
  values.forEach((value, index) => {
    const text = comparableText(value);
    const first = seen.get(text);
    if (first !== undefined) outcome.add(`array items[${first},${index}] must be unique`);
    seen.set(text, index);
  });
}

function checkObject(schema: Schema, object: ValueObject, outcome: Outcome): void {
  const { minProperties, maxProperties, required, propertyNames } = schema;
  const keys = sortedKeys(object);
  if (minProperties !== undefined && keys.length < minProperties) outcome.add(`Must have at least ${minProperties} properties`);
  if (maxProperties !== undefined && keys.length > maxProperties) outcome.add(`Must have at most ${maxProperties} properties`);
  for (const name of required) {
    if (Object.hasOwn(object, name)) outcome.score++;
    else outcome.add(`${name} is required`, name);
  }
  for (const key of keys) checkUnnamed(schema, key, object[key]!, outcome);
  if (propertyNames !== undefined) {
    for (const key of keys) {
      const result = checked(propertyNames, key, outcome.field);
      if (result.isValid) continue;
      outcome.add(`Property name of "${key}" does not match`, key);
      outcome.merge(result);
    }
  }
  outcome.score++;
}

/** A property by the patterns for its name, or, if no name and no pattern fits, by what is said of all others. */
function checkUnnamed(schema: Schema, key: string, value: Value, outcome: Outcome): void {
  const field = fieldOf(outcome.field, key);
  const patterns = schema.patternProperties.filter(({ compiled }) => compiled.matcher(key).find());
  for (const pattern of patterns) outcome.merge(checked(pattern.schema, value, field));
  if (patterns.length > 0) outcome.score++;
  if (patterns.length > 0 || schema.properties.has(key)) return;
  if (schema.additionalProperties === false) outcome.add(`Additional property ${key} is not allowed`, key);
  else if (schema.additionalProperties !== undefined) outcome.merge(checked(schema.additionalProperties, value, field));
}

function checkProperties({ properties }: Schema, object: ValueObject, outcome: Outcome): void {
  for (const [name, schema] of properties) {
    if (!Object.hasOwn(object, name)) continue;
    const result = checked(schema, object[name]!, fieldOf(outcome.field, name));
    outcome.merge(result);
  }
}
