/**
 * Several commands in one round trip. ioredis reports the error of a single command beside the answers of the others; here the first of
 * them rejects the whole, as one of our errors, so that none is overlooked.
 */
import type { ChainableCommander } from 'ioredis';
import type { RedisSession } from './redis-session.ts';

/** Adds the commands; what it returns is awaited before they leave. */
export type Fill = (commands: ChainableCommander) => unknown;

/** Answers of all commands, in their order; other clients' commands may come between. @throws what `session.run` throws */
export const runPipeline = (session: RedisSession, epoch: number, fill: Fill): Promise<unknown[]> =>
  session.run(epoch, (client) => execute(client.pipeline(), fill));

/**
 * As {@link runPipeline}, in a MULTI: Redis executes all commands or, where it refuses one beforehand, none, and nothing comes between them.
 * A command that fails while it is executed, such as one on a key of another type, does not undo or stop the others.
 */
export const runTransaction = (session: RedisSession, epoch: number, fill: Fill): Promise<unknown[]> =>
  session.run(epoch, (client) => execute(client.multi(), fill));

async function execute(commands: ChainableCommander, fill: Fill): Promise<unknown[]> {
  await fill(commands);
  const answers = (await commands.exec()) ?? [];
  return answers.map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
}
