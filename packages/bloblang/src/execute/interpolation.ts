import { BloblangError, encodeText, errorText, isStackOverflow, toBytes, toText } from '@sluice/values';
import type { ExpressionCompiler } from '../compile/expression-compiler.ts';
import { Context, type Evaluate, type Message, newFrame } from '../query/context.ts';
import type { Template } from '../syntax/template-parser.ts';
import { MessageExecution } from './message-execution.ts';

/** A string with queries in it, compiled once. Every query becomes text: null, a missing field and `deleted()` become `null`. */
export class Interpolation {
  /** Whether the text is the same for every message; it is then known without one. */
  readonly isStatic: boolean;
  /** How many `${! }` there are, static or not; some settings accept none. */
  readonly queryCount: number;
  private readonly parts: ReadonlyArray<string | Evaluate>;

  /** `compiler`: the one that has bound the calls of the template. */
  constructor(template: Template, compiler: ExpressionCompiler) {
    this.queryCount = template.filter((part) => typeof part !== 'string').length;
    this.parts = foldStatic(template, compiler);
    this.isStatic = this.parts.every((part) => typeof part === 'string');
  }

  /** The text for one message of a batch. Throws `BloblangError`. */
  evaluate(batch: readonly Message[], index: number): string {
    if (this.isStatic) return (this.parts[0] as string | undefined) ?? '';
    try {
      const context = contextOf(batch, index);
      let text = '';
      for (const part of this.parts) text += typeof part === 'string' ? part : toText(part(context));
      return text;
    } catch (error) {
      throw toFailure(error);
    }
  }

  /** As {@link evaluate}, as bytes: those of `content()` come through unchanged. */
  evaluateBytes(batch: readonly Message[], index: number): Uint8Array {
    const [only] = this.parts;
    if (this.parts.length !== 1 || typeof only !== 'function') return encodeText(this.evaluate(batch, index));
    try {
      return toBytes(only(contextOf(batch, index)));
    } catch (error) {
      throw toFailure(error);
    }
  }
}

/** Documents nest deeper than some methods can follow. */
const toFailure = (error: unknown): unknown => (isStackOverflow(error) ? new BloblangError(errorText(error)) : error);

/** There are no variables, no maps and no `root` in an interpolated string, so nothing is written into its frame. */
const FRAME = newFrame(null, null, undefined, 0);

const contextOf = (batch: readonly Message[], index: number): Context => new Context(new MessageExecution(batch, index), FRAME, index);

function foldStatic(template: Template, { evaluatorOf }: ExpressionCompiler): Array<string | Evaluate> {
  const parts: Array<string | Evaluate> = [];
  for (const part of template) {
    const folded = typeof part === 'string' ? part : part.kind === 'literal' ? toText(part.value) : evaluatorOf(part);
    const last = parts.at(-1);
    if (typeof folded === 'string' && typeof last === 'string') parts[parts.length - 1] = last + folded;
    else parts.push(folded);
  }
  return parts;
}
