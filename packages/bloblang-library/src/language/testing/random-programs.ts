import type { Parameter, Signature } from '@sluice/bloblang';

/** A whole number in [0, below). */
type Random = (below: number) => number;

const NAMES = ['a', 'b', 'this', 'root', '__proto__', 'constructor', '0', 'x1', 'true', 'iffy'];
const OPERATORS = ['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', '&&', '||', '|'];
const LITERALS = [
  'null',
  'true',
  'false',
  '0',
  '1',
  '-1',
  '9223372036854775807',
  '1.5',
  '""',
  '"a"',
  '"\\xff"',
  '"""raw"""',
  '[]',
  '{}',
  '"1"',
  '"."',
  '"2020-01-01T00:00:00Z"',
];
/** Pieces that mutations put anywhere, the nasty ones among them. */
const PIECES = [
  ...OPERATORS,
  ...LITERALS,
  ...NAMES,
  '.',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '->',
  '=>',
  '\n',
  ' ',
  '#',
  '"',
  '"""',
  '$',
  '@',
  '!',
  '${!',
  '\\',
  '\u0000',
  '😀',
  '\ud800',
];

interface Callable extends Signature {
  readonly name: string;
}

/** What programs may call. */
export interface Callables {
  readonly functions: readonly Callable[];
  readonly methods: readonly Callable[];
}

/** Arguments that a parameter of a type takes, as literals. */
const ARGUMENTS: Readonly<Record<Parameter['type'], readonly string[]>> = {
  string: ['"a"', '"b.a"', '""', '"%Y"', '"(a|b)+"', '"base64"', '"m"'],
  integer: ['0', '1', '-1', '3', '9223372036854775807'],
  float: ['0.5', '2'],
  number: ['0.5', '2'],
  bool: ['true', 'false'],
  array: ['[]', '["a", 1]'],
  object: ['{}', '{"a": 1}'],
  timestamp: ['"2020-01-01T00:00:00Z"', '0'],
  any: ['null', '"a"', '1', '[1]', '{"a": 1}'],
  query: ['this', 'x -> x', '_ -> 1', 'this.a', 'left < right', 'this.key'],
};

/** A program that is mostly well-formed: statements, maps that apply one another, all kinds of expressions. */
export function randomMapping(random: Random, callables: Callables): string {
  const program = new ProgramMaker(random, callables);
  return Array.from({ length: 1 + random(4) }, () => program.statement(2)).join('\n');
}

export const randomTemplate = (random: Random, callables: Callables): string =>
  Array.from(
    { length: 1 + random(3) },
    () => `${pick(random, ['', 'text ', '$', '${{! x }}'])}\${! ${new ProgramMaker(random, callables).expression(3)} }`,
  ).join('');

/** A text with pieces cut out, doubled, or put in anywhere. */
export function mutate(random: Random, source: string): string {
  let text = source;
  for (let changes = 1 + random(4); changes > 0; changes--) {
    const at = random(text.length + 1);
    const end = Math.min(text.length, at + random(6));
    const piece = pick(random, [pick(random, PIECES), '', text.slice(at, end).repeat(2), String.fromCharCode(random(0x300))]);
    text = text.slice(0, at) + piece + text.slice(end);
  }
  return text;
}

const pick = <T>(random: Random, choices: readonly T[]): T => choices[random(choices.length)]!;

class ProgramMaker {
  private readonly random: Random;
  private readonly callables: Callables;

  constructor(random: Random, callables: Callables) {
    this.random = random;
    this.callables = callables;
  }

  statement(depth: number): string {
    const value = this.expression(4);
    return this.one(
      () => `root = ${value}`,
      () => `root.${this.path()} = ${value}`,
      () => `let ${this.name()} = ${value}`,
      () => `meta ${this.name()} = ${value}`,
      () => `meta = ${value}`,
      () => (depth > 0 ? `if ${value} {\n${this.statement(depth - 1)}\n} else {\n${this.statement(depth - 1)}\n}` : `root = ${value}`),
      () => (depth === 2 ? `map ${this.name()} {\n${this.statement(0)}\n}` : `root = ${value}`),
    );
  }

  expression(depth: number): string {
    if (depth === 0) return this.leaf();
    const inner = (): string => this.expression(depth - 1);
    return this.one(
      () => this.leaf(),
      () => `${inner()} ${pick(this.random, OPERATORS)} ${inner()}`,
      () => `${pick(this.random, ['!', '-'])}${inner()}`,
      () => `(${inner()})`,
      () => `[${inner()}, ${inner()}]`,
      () => `{"${this.name()}": ${inner()}, (${inner()}): ${inner()}}`,
      () => `if ${inner()} { ${inner()} } else { ${inner()} }`,
      () => `match ${inner()} { ${inner()} => ${inner()}, _ => ${inner()} }`,
      () => `(${inner()}).(${this.lambda(inner)})`,
      () => `(${inner()}).${this.path()}`,
      () => `(${inner()}).${this.call(this.callables.methods, inner)}`,
      () => `${this.leaf()}.${this.call(this.callables.methods, inner)}.${this.call(this.callables.methods, inner)}`,
      () => `(${inner()}).apply("${this.name()}")`,
      () => this.call(this.callables.functions, inner),
    );
  }

  private leaf(): string {
    return this.one(
      () => pick(this.random, LITERALS),
      () => `this.${this.path()}`,
      () => `$${this.name()}`,
      () => `@${this.name()}`,
      () => 'this',
      () => 'root',
      () => this.name(),
    );
  }

  private lambda(inner: () => string): string {
    return this.one(inner, () => `${pick(this.random, ['x', 'y', '_'])} -> ${inner()}`);
  }

  /** A call whose arguments are mostly of the right number and type. */
  private call(callables: readonly Callable[], inner: () => string): string {
    const { name, parameters } = pick(this.random, callables);
    const required = parameters.filter(({ optional, default: standard }) => !optional && standard === undefined).length;
    const given = parameters.slice(0, required + this.random(parameters.length - required + 1));
    const args = given.map(({ type }) => (this.random(4) > 0 ? pick(this.random, ARGUMENTS[type]) : this.lambda(inner)));
    return `${name}(${args.join(', ')})`;
  }

  private path(): string {
    return Array.from({ length: 1 + this.random(3) }, () =>
      this.one(
        () => this.name(),
        () => '"*"',
        () => '"-"',
        () => '0',
      ),
    ).join('.');
  }

  private name(): string {
    return pick(this.random, NAMES);
  }

  private one(...choices: ReadonlyArray<() => string>): string {
    return pick(this.random, choices)();
  }
}
