import type { SourcePosition } from '../model/position.ts';
import type { MapEntry } from '../yaml/node.ts';

/** A message of a test. Of several contents the last one here wins. */
export interface TestMessage {
  readonly content: string;
  /** Relative to the file of the test. */
  readonly file: string | undefined;
  /** A document as JSON could say it. */
  readonly json: { readonly document: unknown } | undefined;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** By its name in the file, `content_equals` and so on. */
export interface TestCondition {
  readonly name: string;
  /** A text, or where the condition asks for a document, that. */
  readonly expected: unknown;
}

/** One test of the `tests` of a Benthos file. */
export interface ProcessorTest {
  readonly name: string;
  readonly position: SourcePosition;
  /** Variables that stand above those of the process while the configuration is read. */
  readonly environment: Readonly<Record<string, string>>;
  /** A label of `processor_resources`, or a JSON pointer, a path of another file and `#` before it where it points there. */
  readonly processors: string;
  /** File of a mapping to test instead; empty for none. */
  readonly mapping: string;
  /** Processors to put in the place of others, by their labels or JSON pointers. */
  readonly mocks: readonly MapEntry[];
  readonly input: readonly (readonly TestMessage[])[];
  /** The conditions of each message of each batch that must come out. */
  readonly output: readonly (readonly (readonly TestCondition[])[])[];
}
