/** Filters as trees. */
import type { Value } from '@sluice/values';

export type Operator = '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Query =
  | { readonly kind: 'identity' | 'recurse' }
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'text'; readonly format: string | undefined; readonly parts: ReadonlyArray<string | Query> }
  | { readonly kind: 'format'; readonly name: string }
  | { readonly kind: 'index'; readonly of: Query; readonly key: Query }
  | { readonly kind: 'slice'; readonly of: Query; readonly from: Query | undefined; readonly to: Query | undefined }
  | { readonly kind: 'iterate' | 'optional' | 'negate' | 'plus'; readonly of: Query }
  | { readonly kind: 'array'; readonly items: Query | undefined }
  | { readonly kind: 'object'; readonly fields: readonly ObjectField[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Query[] }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'pipe' | 'comma' | 'alternative' | 'and' | 'or'; readonly left: Query; readonly right: Query }
  | { readonly kind: 'operation'; readonly operator: Operator; readonly left: Query; readonly right: Query }
  | { readonly kind: 'update'; readonly operator: '=' | '|=' | '//=' | Operator; readonly left: Query; readonly right: Query }
  | { readonly kind: 'bind'; readonly source: Query; readonly patterns: readonly Pattern[]; readonly body: Query }
  | { readonly kind: 'reduce'; readonly source: Query; readonly pattern: Pattern; readonly start: Query; readonly update: Query }
  | {
      readonly kind: 'foreach';
      readonly source: Query;
      readonly pattern: Pattern;
      readonly start: Query;
      readonly update: Query;
      readonly extract: Query | undefined;
    }
  | { readonly kind: 'if'; readonly condition: Query; readonly then: Query; readonly otherwise: Query | undefined }
  | { readonly kind: 'try'; readonly body: Query; readonly handler: Query | undefined }
  | { readonly kind: 'label'; readonly name: string; readonly body: Query }
  | { readonly kind: 'break'; readonly name: string }
  | { readonly kind: 'define'; readonly definition: Definition; readonly body: Query };

export interface ObjectField {
  readonly key: Query;
  readonly value: Query;
}

export type Pattern =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'array'; readonly items: readonly Pattern[] }
  | { readonly kind: 'object'; readonly fields: readonly PatternField[] };

/** `{$name}` and `{key: pattern}`, of which one may be both. */
export interface PatternField {
  readonly key: Query;
  readonly name: string | undefined;
  readonly pattern: Pattern | undefined;
}

export interface Definition {
  readonly name: string;
  /** Those with a `$` are values, the others are filters. */
  readonly parameters: readonly string[];
  readonly body: Query;
}
