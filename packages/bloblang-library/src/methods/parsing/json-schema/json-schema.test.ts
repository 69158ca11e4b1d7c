import { parseJson } from '@sluice/values';
import { describe, expect, it } from 'vitest';
import { compileSchema } from './compile-schema.ts';
import { validate } from './validate.ts';

const problems = (schema: unknown, value: unknown): string[] =>
  validate(compileSchema(JSON.stringify(schema)), parseJson(JSON.stringify(value))).map(
    ({ field, description }) => `${field}: ${description}`,
  );

describe('a JSON schema', () => {
  it.each<[unknown, unknown, string[]]>([
    [{ type: 'string' }, 5, ['(root): Invalid type. Expected: string, given: integer']],
    [{ type: ['string', 'null'] }, 1.5, ['(root): Invalid type. Expected: [string,null], given: number']],
    [{ type: 'number' }, 5, []],
    [
      { properties: { a: { type: 'object', properties: { b: { minimum: 1 } } } } },
      { a: { b: 0 } },
      ['a.b: Must be greater than or equal to 1'],
    ],
    [{ required: ['A', 'b'] }, { b: 1 }, ['(root): A is required']],
    [{ additionalProperties: false, properties: { a: true } }, { a: 1, b: 2 }, ['(root): Additional property b is not allowed']],
    [
      { patternProperties: { '^n': { type: 'integer' } }, additionalProperties: { type: 'string' } },
      { n1: 'x', z: 1 },
      ['n1: Invalid type. Expected: integer, given: string', 'z: Invalid type. Expected: string, given: integer'],
    ],
    [
      { items: { maximum: 2 }, minItems: 4, uniqueItems: true },
      [3, 1, 1],
      ['0: Must be less than or equal to 2', '(root): Array must have at least 4 items', '(root): array items[1,2] must be unique'],
    ],
    [
      { items: [true, { type: 'null' }], additionalItems: false },
      [1, 2, 3],
      ['1: Invalid type. Expected: null, given: integer', '(root): No additional items allowed on array'],
    ],
    [{ contains: { const: 3 } }, [1], ['(root): At least one of the items must match', '0: 0 does not match: 3']],
    [{ enum: ['a', 1] }, 'b', ['(root): (root) must be one of the following: "a", 1']],
    [{ const: 1 }, 1.0, []],
    [{ multipleOf: 0.1 }, 0.3, []],
    [{ multipleOf: 0.1, exclusiveMaximum: 0.3 }, 0.35, ['(root): Must be a multiple of 0.1', '(root): Must be less than 0.3']],
    [{ minimum: 1, exclusiveMinimum: true }, 1, ['(root): Must be greater than 1']],
    [
      { minLength: 3, pattern: '^\\d' },
      'é😀',
      ['(root): String length must be greater than or equal to 3', "(root): Does not match pattern '^\\d'"],
    ],
    [{ format: 'date' }, '2021-02-29', ["(root): Does not match format 'date'"]],
    [{ format: 'never-heard-of' }, 'x', []],
    [
      { anyOf: [{ type: 'string' }, { type: 'integer', minimum: 9 }] },
      5,
      ['(root): Must validate at least one schema (anyOf)', '(root): Must be greater than or equal to 9'],
    ],
    [{ oneOf: [{ minimum: 1 }, { maximum: 9 }] }, 5, ['(root): Must validate one and only one schema (oneOf)']],
    [{ allOf: [{ minimum: 9 }] }, 5, ['(root): Must be greater than or equal to 9', '(root): Must validate all the schemas (allOf)']],
    [{ not: {} }, 5, ['(root): Must not validate the schema (not)']],
    [
      JSON.parse('{"if":{"required":["a"]},"then":{"required":["b"]}}'),
      { a: 1 },
      ['(root): Must validate "then" as "if" was valid', '(root): b is required'],
    ],
    [{ dependencies: { a: ['b'], c: { required: ['d'] } } }, { a: 1, c: 1 }, ['(root): Has a dependency on b', '(root): d is required']],
    [
      { propertyNames: { maxLength: 1 } },
      { ab: 1 },
      ['(root): Property name of "ab" does not match', '(root): String length must be less than or equal to 1'],
    ],
    [false, 1, ['(root): False always fails validation']],
  ])('%j on %j', (schema, value, expected) => {
    expect(problems(schema, value)).toEqual(expected);
  });

  it('may refer to itself, and to parts that have a name', () => {
    const list = {
      definitions: { node: { $id: '#node', required: ['v'], properties: { next: { $ref: '#node' } } } },
      $ref: '#/definitions/node',
    };
    expect(problems(list, { v: 1, next: { v: 2, next: {} } })).toEqual(['next.next: v is required']);
    const named = {
      $id: 'http://a.example/s.json',
      properties: { x: { $ref: 'types.json#/definitions/n' } },
      definitions: { t: { $id: 'types.json', definitions: { n: { type: 'null' } } } },
    };
    expect(problems(named, { x: 1 })).toEqual(['x: Invalid type. Expected: null, given: integer']);
  });

  it('keeps to the draft that it names', () => {
    const draft4 = { $schema: 'http://json-schema.org/draft-04/schema#', const: 1 };
    expect(problems(draft4, 2)).toEqual([]);
  });

  it.each<[unknown, string]>([
    [[], 'schema is invalid'],
    [
      { type: 'text' },
      'has a primitive type that is NOT VALID -- given: /text/ Expected valid values are:[array boolean integer number null object string]',
    ],
    [{ minLength: -1 }, 'minLength must be greater than or equal to 0'],
    [{ minLength: 2, maxLength: 1 }, 'minLength cannot be greater than maxLength'],
    [{ multipleOf: 0 }, 'multipleOf must be strictly greater than 0'],
    [{ pattern: '(' }, 'pattern must be a valid regex'],
    [{ enum: [1, 1.0, 'a', 1] }, 'enum items must be unique'],
    [{ required: 'a' }, 'required must be of an array'],
    [{ items: 3 }, 'Invalid type. Expected: valid schema/array of schemas, given: items'],
    [{ $ref: 'http://elsewhere.example/s' }, 'Reference http://elsewhere.example/s must be canonical'],
    [{ $ref: '#/definitions/nope' }, "Object has no key 'definitions'"],
  ])('%j makes no sense', (schema, message) => {
    expect(() => problems(schema, null)).toThrow(message);
  });

  it('compares numbers exactly, but not beyond reason', () => {
    const limit = compileSchema('{"maximum": 9007199254740993}');
    expect(validate(limit, (parseJson('[9007199254740993]') as never[])[0]!)).toEqual([]);
    expect(validate(limit, (parseJson('[9007199254740994]') as never[])[0]!)).toHaveLength(1);
    expect(() => validate(limit, (parseJson('[1e99999]') as never[])[0]!)).toThrow('number 1e99999 is out of range');
  });
});
