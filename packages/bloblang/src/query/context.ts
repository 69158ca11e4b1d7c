import { BloblangError, type Edit, NoContextError, type Path, type Value, type ValueObject } from '@sluice/values';
import type { ReadPath } from './read-path.ts';

/**
 * How many contexts one run over a message may derive: one for each element a lambda is called with, each map entered and each
 * match. Some seconds of work, where a mapping ought to take microseconds; beyond it everything fails.
 */
export const MAX_CONTEXTS = 10_000_000;

/** Marks a context whose `this` is the message, parsed when somebody asks for it. */
const FROM_MESSAGE = Symbol('this is the message');

/** What an expression that has been compiled is: called once per evaluation, it throws `BloblangError` to fail. */
export type Evaluate = (context: Context) => Value;

/** A failure an earlier step left on a message, as `error()` and its relatives report it. */
export interface MessageFailure {
  readonly message: string;
  /** Absent, like label and path, where the original does not name the source of such a failure. */
  readonly name?: string;
  readonly label?: string;
  readonly path?: string;
  /** Where it happened, for those who operate: mappings do not see it. */
  readonly at?: string;
  /** What refused the message would refuse it again. Mappings do not see it. */
  readonly isFinal?: true;
}

/** One message of a batch. It is never changed in place: a mapping answers with a new one. */
export interface Message {
  readonly content: Uint8Array;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** One value of `metadata`, `undefined` where there is none: where `metadata` is put together only when somebody asks for it. */
  metadataOf?(key: string): unknown;
  readonly failure?: MessageFailure;
}

/**
 * What one run over one message can see: the batch it belongs to, and the metadata it is writing.
 * `index` arguments are positions within the batch; `.from(i)` looks at another one than the run's own.
 */
export interface Execution {
  readonly batchSize: number;
  /** How many more contexts may be derived, see {@link MAX_CONTEXTS}. */
  contextsLeft: number;
  /** What `read` finds in the document of a message. Throws `BloblangError` if it is not JSON or there is no such message. */
  structured(index: number, read: ReadPath): Value;
  /** The document of the run's own message, or `undefined` if it has none. */
  document(): Value | undefined;
  /** What `read` finds in that document; cheaper than to ask for the whole. */
  field(read: ReadPath): Value | undefined;
  /** Whether the run's own message has a document. */
  hasDocument(): boolean;
  /** That document to begin a new one with, where it is possible without parsing it. */
  draft(): Draft | undefined;
  content(index: number): Uint8Array;
  /** Metadata of the message as it came in (under a mutation: as it is now). Keys are own properties. */
  inputMetadata(index: number): ValueObject;
  /** One value of it, null where there is none. */
  inputMetadataOf(index: number, key: string): Value;
  /** Metadata as earlier statements left it, or `null` where nothing is being written. */
  outputMetadata(): ValueObject | null;
  /** The same to write to, or `null` where metadata cannot be written. */
  writableMetadata(): ValueObject | null;
  failure(index: number): MessageFailure | undefined;
}

/** The document of the run's message, as the document that is being built: it is written anew with what is edited. */
export interface Draft {
  /** Notes an edit. `false` if it takes the parsed document to tell what it does. */
  edit(path: Path, value: Value): boolean;
  readonly edits: readonly Edit[];
  /** The parsed document, without the edits. */
  original(): Value;
  /** The content with the edits; `undefined` if it takes the parsed document to write it. */
  write(): Uint8Array | undefined;
}

/** A map of the mapping, run by `.apply(name)`. */
export interface NamedMap {
  readonly name: string;
  /** The map's root, with the context's `this`. Throws `BloblangError`. */
  run(context: Context): Value;
  /** As {@link run}, one application of a map after the other, so that a deep recursion needs no deep stack. */
  steps(context: Context): Steps;
}

/** An evaluation that pauses where it needs the result of a map, and is resumed with that, or with its failure. */
export type Steps = Generator<{ readonly map: NamedMap; readonly context: Context }, Value, Value>;

/** What is fresh on entering a map: its variables and its own `root`. */
export interface Frame {
  readonly maps: ReadonlyMap<string, NamedMap> | null;
  /** `null` where the language has no variables, as in an interpolated string. Written through {@link writableVariables}. */
  variables: ReadonlyMap<string, Value> | null;
  /** The document being built, or `undefined` where there is none. */
  root: Value | undefined;
  /** The document being built, where it is the message with edits; `root` says nothing then. */
  draft: Draft | undefined;
  /** How many maps have been entered to get here. */
  readonly depth: number;
  /** Whether others see the document while it is built, as under a mutation. */
  readonly isShared: boolean;
  /** The document, if it is this frame's own to write into. */
  ownRoot: Value | undefined;
  /** Arrays and objects within the document that are this frame's own. */
  own: Set<Value> | null;
}

/** What most frames have of variables. */
export const NO_VARIABLES: ReadonlyMap<string, Value> = new Map();

/** The variables of a frame to write to; a map of their own is made at the first. `null` where there are none. */
export function writableVariables(frame: Frame): Map<string, Value> | null {
  if (frame.variables === NO_VARIABLES) frame.variables = new Map();
  return frame.variables as Map<string, Value> | null;
}

/** One shape for all frames, so that reading them stays fast. */
export const newFrame = (
  maps: Frame['maps'],
  variables: Frame['variables'],
  root: Value | undefined,
  depth: number,
  isShared = false,
): Frame => ({ maps, variables, root, draft: undefined, depth, isShared, ownRoot: undefined, own: null });

/** To be called for each context, and for what does without one. */
export function countStep(execution: Execution): void {
  if (--execution.contextsLeft < 0) throw new BloblangError(`evaluation exceeds the maximum of ${MAX_CONTEXTS} steps`);
}

/** A name that a lambda bound, innermost first. */
interface NamedValue {
  readonly name: string;
  readonly value: Value;
  readonly next: NamedValue | null;
}

/**
 * The surroundings of one evaluation. Immutable but for the frame's root and variables; cheap to derive.
 *
 * Only one outer `this` is remembered, as in the original: a lambda inside two nested queries restores the message.
 */
export class Context {
  readonly execution: Execution;
  readonly frame: Frame;
  /** Position within the batch that message functions look at. */
  readonly index: number;
  readonly names: NamedValue | null;
  private readonly current: Value | typeof FROM_MESSAGE;
  private readonly outer: Value | typeof FROM_MESSAGE;

  constructor(
    execution: Execution,
    frame: Frame,
    index: number,
    names: NamedValue | null = null,
    current: Value | typeof FROM_MESSAGE = FROM_MESSAGE,
    outer: Value | typeof FROM_MESSAGE = FROM_MESSAGE,
  ) {
    countStep(execution);
    this.execution = execution;
    this.frame = frame;
    this.index = index;
    this.names = names;
    this.current = current;
    this.outer = outer;
  }

  /** `this`. Throws `NoContextError` if the message is needed and is not structured. */
  value(): Value {
    if (this.current !== FROM_MESSAGE) return this.current;
    const document = this.execution.document();
    if (document === undefined) throw new NoContextError('');
    return document;
  }

  /** What `read` finds in `this`. Throws `NoContextError` that names `path`. */
  field(read: ReadPath, path: string): Value {
    if (this.current !== FROM_MESSAGE) return read(this.current);
    const found = this.execution.field(read);
    if (found === undefined) throw new NoContextError(path);
    return found;
  }

  /** `this`, or `undefined` if the message is needed and is not structured. */
  valueIfAny(): Value | undefined {
    return this.current !== FROM_MESSAGE ? this.current : this.execution.document();
  }

  /** The document of the message, if that is `this`, to begin a new document with. */
  draft(): Draft | undefined {
    return this.current === FROM_MESSAGE ? this.execution.draft() : undefined;
  }

  /** `withValue(this)`; `this` is null there for want of a document. */
  withThis(): Context {
    if (this.current !== FROM_MESSAGE || !this.execution.hasDocument()) return this.withValue(this.valueIfAny() ?? null);
    return new Context(this.execution, this.frame, this.index, this.names, FROM_MESSAGE, FROM_MESSAGE);
  }

  withValue(value: Value): Context {
    return new Context(this.execution, this.frame, this.index, this.names, value, this.current);
  }

  /** The context outside the innermost `this`, as the body of a lambda sees it. */
  withoutValue(): Context {
    return new Context(this.execution, this.frame, this.index, this.names, this.outer, FROM_MESSAGE);
  }

  /** `withoutValue()` with the value that went away bound to a name. */
  capturing(name: string, value: Value): Context {
    const names = { name, value, next: this.names };
    return new Context(this.execution, this.frame, this.index, names, this.outer, FROM_MESSAGE);
  }

  /** `withValue(value).capturing(name, value)` in one step. */
  withNamed(name: string, value: Value): Context {
    const names = { name, value, next: this.names };
    return new Context(this.execution, this.frame, this.index, names, this.current, FROM_MESSAGE);
  }

  /** `withValue(value).withoutValue()` in one step. */
  withNothing(): Context {
    return new Context(this.execution, this.frame, this.index, this.names, this.current, FROM_MESSAGE);
  }

  withIndex(index: number): Context {
    return new Context(this.execution, this.frame, index, this.names, this.current, this.outer);
  }

  withFrame(frame: Frame): Context {
    return new Context(this.execution, frame, this.index, this.names, this.current, this.outer);
  }

  /** The value a lambda bound to `name`, or `undefined`. */
  named(name: string): Value | undefined {
    for (let entry = this.names; entry !== null; entry = entry.next) {
      if (entry.name === name) return entry.value;
    }
    return undefined;
  }
}
