import type { Signature } from './parameters.ts';

type Status = 'stable' | 'beta' | 'experimental' | 'deprecated' | 'hidden';

type Category =
  | 'General'
  | 'Message Info'
  | 'Environment'
  | 'Fake Data Generation'
  | 'Type Coercion'
  | 'Number Manipulation'
  | 'String Manipulation'
  | 'Regular Expressions'
  | 'Timestamp Manipulation'
  | 'Object & Array Manipulation'
  | 'Parsing'
  | 'Encoding and Encryption'
  | 'JSON Web Tokens'
  | 'Deprecated';

/** What a JSON document or a raw text looks like in an example: a string stands for the raw text. */
export type ExampleValue = string | number | boolean | null | readonly ExampleValue[] | { readonly [key: string]: ExampleValue };

/** A mapping with what it makes of an input. Without `output`, `error` or `isDropped` (clock, chance, environment) it is only compiled. */
export interface Example {
  readonly summary?: string;
  readonly mapping: string;
  /** The message: a document, or a string that is taken as raw text. */
  readonly input?: ExampleValue;
  /** The new message: a document, or a string that is the raw text. */
  readonly output?: ExampleValue;
  /** The text of the error that the mapping ends with. */
  readonly error?: string;
  /** The message goes away. */
  readonly isDropped?: true;
}

/** What the reference pages and `blobl list` show of a function or method. */
export interface Documented {
  readonly category: Category;
  readonly status: Status;
  readonly description: string;
  readonly examples?: readonly Example[];
  /** False when it reaches outside the message and the clock: environment, files, host name, process-wide counters. @default true */
  readonly isPure?: boolean;
  /** Evaluated while parsing when everything it depends on is a literal. @default false */
  readonly isStatic?: boolean;
  /** The original declares it as a plugin: its errors then do not name the target. @default false */
  readonly isPlugin?: boolean;
}

export interface Definition extends Signature {
  readonly name: string;
  readonly category: Category;
  readonly status: Status;
  readonly description: string;
  readonly examples: readonly Example[];
  readonly isPure: boolean;
  readonly isStatic: boolean;
  readonly isPlugin: boolean;
}

export function describe(name: string, spec: Documented, signature: Signature): Definition {
  const { category, status, description, examples = [], isPure = true, isStatic = false, isPlugin = false } = spec;
  return { name, category, status, description, examples, isPure, isStatic, isPlugin, ...signature };
}
