import { BloblangError, DELETED, findCause, NOTHING, NoContextError, type Value, ValueTypeError } from '@sluice/values';
import type { DocumentPaths } from '../compile/document-paths.ts';
import { FailedAssignmentError } from '../compile/failures.ts';
import { settleDraft } from '../compile/root-document.ts';
import type { CompiledProgram } from '../compile/statements.ts';
import { Context, type Frame, type Message, NO_VARIABLES, newFrame } from '../query/context.ts';
import { contentOf } from './content.ts';
import { openDocument } from './documents.ts';
import { evaluateProgram } from './evaluate-program.ts';
import { MappingExecution, type MessageExecution, RawExecution } from './message-execution.ts';
import { MutationExecution } from './mutation-execution.ts';
import { OntoExecution } from './onto-execution.ts';

/**
 * What became of a message. A failed mutation keeps the edits made before the failure, as the original's does. `loss`: the document
 * holds what JSON cannot say (NaN, say), so that the message has no content; the caller must report it.
 */
export type MappingOutcome =
  | { readonly kind: 'mapped'; readonly message: Message; readonly loss?: BloblangError }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'failed'; readonly error: BloblangError; readonly message: Message };

/** A mapping, compiled once and run on any number of messages. It keeps no message. */
export class Mapping {
  /** The places of documents that it names. */
  readonly paths: DocumentPaths;
  private readonly program: CompiledProgram;

  constructor(program: CompiledProgram, paths: DocumentPaths) {
    this.program = program;
    this.paths = paths;
  }

  /** Makes a new message from one of a batch; the batch itself is left alone. Never throws. */
  map(batch: readonly Message[], index: number): MappingOutcome {
    return this.mapWithin(new MappingExecution(batch, index), messageAt(batch, index), index);
  }

  /** As {@link map}, but `this` is the content as bytes, whether it is JSON or not. */
  mapRaw(batch: readonly Message[], index: number): MappingOutcome {
    return this.mapWithin(new RawExecution(batch, index), messageAt(batch, index), index);
  }

  /** Edits a copy of a message in place: `root` starts as its document, and `this` is the same document. Never throws. */
  mutate(batch: readonly Message[], index: number): MappingOutcome {
    const message = messageAt(batch, index);
    const execution = new MutationExecution(batch, index);
    const document = execution.document();
    const result = this.run(execution, index, document === undefined ? NOTHING : document, true);
    const outcome = result instanceof BloblangError ? result : outcomeOf(result, message, execution.outputMetadata());
    if (!(outcome instanceof BloblangError)) return outcome;
    return { kind: 'failed', error: outcome, message: { ...message, ...editedPart(execution, index) } };
  }

  /**
   * Edits a copy of `target` by a message of a batch: `root` starts as the document of the target, which keeps its content where nothing
   * is assigned and where it is no document; `@` is its metadata. Everything else reads the batch. A failure keeps the edits before it.
   * Never throws.
   */
  mapOnto(target: Message, batch: readonly Message[], index: number): MappingOutcome {
    messageAt(batch, index);
    const execution = new OntoExecution(target, batch, index);
    const document = documentIn(target);
    const frame = newFrame(this.program.maps, NO_VARIABLES, document, 0);
    const error = this.runIn(frame, execution, index);
    // A root that nothing was assigned to is not written anew.
    const root = frame.root === undefined ? NOTHING : frame.root;
    const outcome = outcomeOf(root, target, execution.outputMetadata());
    if (outcome instanceof BloblangError) return { kind: 'failed', error: error ?? outcome, message: target };
    if (error === undefined) return outcome;
    return { kind: 'failed', error, message: outcome.kind === 'mapped' ? outcome.message : target };
  }

  /**
   * What the mapping says of a message of a batch, as `batching.check` asks it. Throws `BloblangError` if the mapping fails, drops
   * the message, or says anything but true or false.
   */
  check(batch: readonly Message[], index: number): boolean {
    const result = this.run(new MappingExecution(batch, index), index, NOTHING);
    if (result instanceof BloblangError) throw result;
    if (typeof result === 'boolean') return result;
    if (result === DELETED) throw new BloblangError('query mapping resulted in deleted message, expected a boolean value');
    const answer = this.answerOf(result, messageAt(batch, index));
    if (typeof answer !== 'boolean') throw new ValueTypeError(answer, ['bool'], 'mapping');
    return answer;
  }

  private mapWithin(execution: MappingExecution, message: Message, index: number): MappingOutcome {
    const frame = newFrame(this.program.maps, NO_VARIABLES, NOTHING, 0);
    const error = this.runIn(frame, execution, index);
    const outcome = error ?? outcomeOfFrame(frame, message, execution.outputMetadata());
    return outcome instanceof BloblangError ? { kind: 'failed', error: outcome, message } : outcome;
  }

  private answerOf(result: Value, message: Message): Value {
    if (result === NOTHING) return openDocument(message.content).value();
    return typeof result === 'string' || result instanceof Uint8Array ? openDocument(contentOf(result).bytes).value() : result;
  }

  /** The root that the mapping makes of a value that is no message; it may be `deleted()` or `nothing()`. Throws `BloblangError`. */
  evaluate(value: Value): Value {
    return evaluateProgram(this.program, value);
  }

  private run(execution: MessageExecution, index: number, root: Value, isShared = false): Value | BloblangError {
    const frame = newFrame(this.program.maps, NO_VARIABLES, root, 0, isShared);
    const error = this.runIn(frame, execution, index);
    if (error) return error;
    settleDraft(frame);
    return frame.root === undefined ? NOTHING : frame.root;
  }

  private runIn(frame: Frame, execution: MessageExecution, index: number): BloblangError | undefined {
    try {
      this.program.run(new Context(execution, frame, index));
      return undefined;
    } catch (error) {
      return asFailure(error, execution);
    }
  }
}

/** The document to edit; `NOTHING` where the content is none. */
function documentIn({ content }: Message): Value {
  try {
    return openDocument(content).value() ?? NOTHING;
  } catch (error) {
    if (error instanceof BloblangError) return NOTHING;
    throw error;
  }
}

const messageAt = (batch: readonly Message[], index: number): Message => {
  const message = batch[index];
  if (message === undefined) throw new RangeError(`no message ${index} in a batch of ${batch.length}`);
  return message;
};

function outcomeOfFrame(frame: Frame, message: Message, metadata: Message['metadata']): MappingOutcome | BloblangError {
  const content = frame.draft?.write();
  if (content !== undefined) return { kind: 'mapped', message: { ...message, content, metadata } };
  settleDraft(frame);
  return outcomeOf(frame.root === undefined ? NOTHING : frame.root, message, metadata);
}

function outcomeOf(root: Value, message: Message, metadata: Message['metadata']): MappingOutcome | BloblangError {
  if (root === DELETED) return { kind: 'dropped' };
  if (root === NOTHING) return { kind: 'mapped', message: { ...message, metadata } };
  try {
    const { bytes, loss } = contentOf(root);
    const mapped = { ...message, content: bytes, metadata };
    return loss === undefined ? { kind: 'mapped', message: mapped } : { kind: 'mapped', message: mapped, loss };
  } catch (error) {
    if (error instanceof BloblangError) return error;
    throw error;
  }
}

/** What a failed mutation has edited; a document that cannot be written stays as it came. */
function editedPart(execution: MutationExecution, index: number): Partial<Message> {
  const metadata = execution.outputMetadata();
  try {
    return { content: execution.content(index), metadata };
  } catch (error) {
    if (error instanceof BloblangError) return { metadata };
    throw error;
  }
}

/** A failure for want of a document tells what is wrong with the message instead. */
function asFailure(error: unknown, execution: MessageExecution): BloblangError {
  if (!(error instanceof BloblangError)) throw error;
  const reason = execution.missingDocument();
  const missing = reason === undefined ? undefined : findCause(error, NoContextError);
  if (missing === undefined) return error;
  const field = missing.fieldName === '' ? 'this' : `this.${missing.fieldName}`;
  const text = `unable to reference message as structured (with '${field}'): ${reason}`;
  return error instanceof FailedAssignmentError ? new FailedAssignmentError(error.line, new BloblangError(text, false, missing)) : error;
}
