import { toErrorReport } from '@sluice/core';
import { writeAudit } from '../audit/audit-log.ts';
import { OperatorInputError } from '../errors.ts';
import type { Operator } from '../operator.ts';
import type { Action, ActionPlan } from './action.ts';
import { ACTIONS, type ActionName } from './actions.ts';

export interface PerformActionOptions {
  /** Who does it: `user@host`, or `user (board)`. */
  readonly by: string;
  /** Only the plan. @default false */
  readonly dryRun?: boolean;
  /** Called with what happens meanwhile, a line at a time. */
  readonly tell?: (line: string) => void;
  /** Asked between the plan and the doing, where the plan changes something. Rejects to refuse: then nothing was changed. */
  readonly approve?: (plan: ActionPlan) => Promise<void>;
}

export interface ActionOutcome {
  readonly plan: ActionPlan;
  /** `false` for a dry run, and where there was nothing to do. */
  readonly isDone: boolean;
  /** What was done; empty where nothing was. */
  readonly lines: readonly string[];
}

/**
 * Plans an action, notes it in the audit log, and does it. One that fails is noted again, with the reason.
 * @param name of an {@link ACTIONS | action}
 * @throws {OperatorInputError} there is no such action, its input is wrong, or names something that is not there
 */
export async function performAction(
  operator: Operator,
  name: string,
  input: unknown,
  { by, dryRun = false, tell = () => undefined, approve }: PerformActionOptions,
): Promise<ActionOutcome> {
  const action = actionOf(name);
  const read = action.read(input);
  const plan = await action.plan(operator, read);
  if (dryRun || !plan.changes) return { plan, isDone: false, lines: [] };
  await approve?.(plan);
  const entry = { by, action: name, subject: plan.subject, facts: plan.facts };
  await writeAudit(operator, entry);
  try {
    return { plan, isDone: true, lines: (await action.run(operator, read, { by, tell })).lines };
  } catch (error) {
    const { code, message } = toErrorReport(error);
    // The failure is what its caller must hear of, also where Redis has gone.
    await writeAudit(operator, { ...entry, facts: { ...plan.facts, failed: { code, message } } }).catch(() => undefined);
    throw error;
  }
}

/**
 * Checks an input without a look at the installation.
 * @throws {OperatorInputError} there is no such action, or its input is wrong
 */
export function checkActionInput(name: string, input: unknown): void {
  actionOf(name).read(input);
}

function actionOf(name: string): Action<unknown> {
  if (!isActionName(name)) throw new OperatorInputError(`expected an action, found ${name}; there are ${Object.keys(ACTIONS).join(', ')}`);
  // One by one they are typed; here the input of each is what its own `read` makes of it.
  return ACTIONS[name] as Action<unknown>;
}

const isActionName = (name: string): name is ActionName => Object.hasOwn(ACTIONS, name);
