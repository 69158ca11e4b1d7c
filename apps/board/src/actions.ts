import { type ActionOutcome, performAction } from '@sluice/operator';
import type { RedisSession } from '@sluice/redis';

/** Does an action of an operator, or only plans it, in the name of a user of the board; `null`: a board without a login. */
export type Act = (user: string | null, name: string, input: unknown, options?: { readonly dryRun: boolean }) => Promise<ActionOutcome>;

/** @param connected throws as long as Redis is not there */
export const actionsOn =
  (connected: () => RedisSession, keyPrefix: string): Act =>
  async (user, name, input, { dryRun } = { dryRun: false }) =>
    performAction({ session: connected(), keyPrefix }, name, input, { by: `${user ?? 'anyone'} (board)`, dryRun });
