import { BloblangError, type Value } from '@sluice/values';
import { preview, typePreview } from './text.ts';

/** A filter is no jq, or names what there is not. */
export class JqSyntaxError extends Error {
  override readonly name = 'JqSyntaxError';
}

/** A filter fails for a document. `thrown` is what `catch` gets. */
export class JqError extends BloblangError {
  readonly thrown: Value;

  constructor(message: string, thrown: Value = message) {
    super(message);
    this.thrown = thrown;
  }
}

export const cannotApply = (name: string, value: Value): JqError => new JqError(`${name} cannot be applied to: ${typePreview(value)}`);

export const cannotApplyWith = (name: string, value: Value, ...args: readonly Value[]): JqError =>
  cannotApply(`${name}(${args.map(preview).join('; ')})`, value);

/** As the original tells an error within a function. */
export const failedFor = (name: string, value: Value, args: readonly Value[], reason: string): JqError => {
  const called = args.length === 0 ? name : `${name}(${args.map(preview).join('; ')})`;
  return new JqError(`${called} cannot be applied to ${preview(value)}: ${reason}`);
};
