import type { Value } from '@sluice/values';

/**
 * The syntax tree. Constants are folded while parsing, because the original's grammar depends on it: whether a match
 * pattern is an equality, an object key is static, or an argument is checked at once is decided by `literal`.
 */
export type Expression =
  | Literal
  | FieldReference
  | PathReference
  | VariableReference
  | MetadataReference
  | ArrayExpression
  | ObjectExpression
  | CallExpression
  | MapExpression
  | NotExpression
  | OperatorExpression
  | MatchExpression
  | IfExpression
  | LambdaExpression;

/** A constant. `annotation` is how errors name it; empty means its type, as in `string literal`. */
export interface Literal {
  readonly kind: 'literal';
  readonly value: Value;
  readonly annotation: string;
}

/** `this.a.b`, `root.a.b`, or `name.a.b` for a name that a lambda bound. */
export interface FieldReference {
  readonly kind: 'field';
  readonly base: 'this' | 'root' | { readonly name: string };
  readonly path: readonly string[];
}

/** A path below any other expression: `$v.a`, `f().a.b`. */
export interface PathReference {
  readonly kind: 'path';
  readonly target: Expression;
  readonly path: readonly string[];
}

export interface VariableReference {
  readonly kind: 'variable';
  readonly name: string;
}

/** `@key`, or with an empty key `@`, the whole of the metadata. */
export interface MetadataReference {
  readonly kind: 'metadata';
  readonly key: string;
}

export interface ArrayExpression {
  readonly kind: 'array';
  readonly elements: readonly Expression[];
}

export interface ObjectExpression {
  readonly kind: 'object';
  readonly entries: readonly ObjectEntry[];
}

export interface ObjectEntry {
  readonly key: string | Expression;
  readonly value: Expression;
}

/** A call of a function or a method whose name and arguments have been checked. */
export interface CallExpression {
  readonly kind: 'call';
  readonly name: string;
  /** The receiver of a method; `null` for a function. */
  readonly target: Expression | null;
  readonly args: readonly Argument[];
  /** How errors name it. */
  readonly annotation: string;
}

export interface Argument {
  /** Set when the argument was given by name. */
  readonly name: string | null;
  readonly value: Expression;
}

/** `target.(body)`. */
export interface MapExpression {
  readonly kind: 'map';
  readonly target: Expression;
  readonly body: Expression;
}

export interface NotExpression {
  readonly kind: 'not';
  readonly operand: Expression;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type LogicalOperator = '&&' | '||' | '|';
export type Operator = ArithmeticOperator | ComparisonOperator | LogicalOperator;

export interface OperatorExpression {
  readonly kind: 'operator';
  readonly operator: Operator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface MatchExpression {
  readonly kind: 'match';
  /** `null` matches on `this`. */
  readonly subject: Expression | null;
  readonly cases: readonly MatchCase[];
}

export interface MatchCase {
  /** A literal is compared with the subject; anything else must be true; `null` is `_`. */
  readonly pattern: Expression | null;
  readonly result: Expression;
}

export interface IfExpression {
  readonly kind: 'if';
  readonly branches: readonly IfBranch[];
  readonly otherwise: Expression | null;
}

export interface IfBranch {
  readonly condition: Expression;
  readonly result: Expression;
}

/** `name -> body`; the name `_` binds nothing. */
export interface LambdaExpression {
  readonly kind: 'lambda';
  readonly name: string;
  readonly body: Expression;
}

export type Statement = Assignment | IfStatement;

export type Assignment = RootAssignment | VariableAssignment | MetadataAssignment;

interface Located {
  /** Line of the source on which the statement begins, from 1. */
  readonly line: number;
}

/** `root.a.b = value`; an empty path replaces the document. */
export interface RootAssignment extends Located {
  readonly kind: 'root';
  readonly path: readonly string[];
  readonly value: Expression;
}

export interface VariableAssignment extends Located {
  readonly kind: 'let';
  readonly name: string;
  readonly value: Expression;
}

/** `meta key = value`; without a key it replaces all metadata. */
export interface MetadataAssignment extends Located {
  readonly kind: 'meta';
  readonly key: string | null;
  readonly value: Expression;
}

export interface IfStatement extends Located {
  readonly kind: 'ifStatement';
  readonly branches: readonly StatementBranch[];
}

export interface StatementBranch {
  /** `null` for `else`. */
  readonly condition: Expression | null;
  readonly statements: readonly Statement[];
}

/** `map name { … }`. */
export interface MapDeclaration {
  readonly name: string;
  readonly statements: readonly Statement[];
}

/** A parsed mapping: its own maps, those of its imports, and its statements in order. */
export interface Program {
  readonly maps: ReadonlyMap<string, MapDeclaration>;
  readonly statements: readonly Statement[];
}
