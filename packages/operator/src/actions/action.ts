/**
 * What an operator can do to an installation, from the command line or from the board: each is described once, with the check of its input,
 * its plan and its doing. {@link performAction} runs one and notes it in the audit log.
 */
import type { z } from 'zod';
import { OperatorInputError } from '../errors.ts';
import type { Operator } from '../operator.ts';

/** What an action will do, before it does it. */
export interface ActionPlan {
  /** For a person to read. Never a payload. */
  readonly lines: readonly string[];
  /** What it is done to, for the audit log. */
  readonly subject: string;
  readonly facts: Readonly<Record<string, unknown>>;
  /** `false` where there is nothing to do: `lines` say why. */
  readonly changes: boolean;
}

export interface ActionContext {
  /** Who does it: `user@host`, or `user (board)`. */
  readonly by: string;
  /** Called with what happens meanwhile, a line at a time. */
  readonly tell: (line: string) => void;
}

export interface ActionResult {
  /** What was done, for a person to read. */
  readonly lines: readonly string[];
}

export interface Action<Input> {
  /** As in `POST /api/actions/NAME`. */
  readonly name: string;
  readonly title: string;
  /** @throws {OperatorInputError} saying what was expected and found */
  read(input: unknown): Input;
  /**
   * Looks, and changes nothing.
   * @throws {OperatorInputError} the input names something that is not there
   */
  plan(operator: Operator, input: Input): Promise<ActionPlan>;
  /** Does it. What the plan found may have changed meanwhile: it looks again. */
  run(operator: Operator, input: Input, context: ActionContext): Promise<ActionResult>;
}

/** An action whose input is described by a schema. */
export const defineAction = <Input>({
  schema,
  ...action
}: Omit<Action<Input>, 'read'> & { readonly schema: z.ZodType<Input> }): Action<Input> => ({
  ...action,
  read(input) {
    const { data, error } = schema.safeParse(input);
    if (!error) return data;
    const [{ path, message }] = error.issues as [z.core.$ZodIssue];
    const text = message.replace(/^Invalid input: /, '');
    throw new OperatorInputError(path.length === 0 ? text : `${path.join('.')} of ${action.name}: ${text}`);
  },
});
