/**
 * A transaction whose bytes go to the socket as they are. ioredis puts a command, and once more a pipeline, into one new buffer, which
 * costs more than everything else that is done with a payload; here each `Buffer` is written by itself, between corks, so that all of it
 * still leaves in one call.
 */
import type { Writable } from 'node:stream';
import { Command, type Redis } from 'ioredis';

export type ScriptArgument = string | number | Buffer;

/** A command, its name first. */
export type CommandLine = readonly [name: string, ...args: ScriptArgument[]];

/**
 * Sends the commands in a MULTI: Redis executes all of them or, where it refuses one beforehand, none, and nothing comes between them.
 * Answers the reply of each, texts as texts; the first of them that failed while it was executed rejects the whole, and does not undo the
 * others. No `Buffer` may be changed before that.
 */
export async function sendTransaction(client: Redis, commands: readonly CommandLine[]): Promise<unknown[]> {
  // Absent before the first connection: then each command is refused by itself.
  const { stream } = client as { readonly stream?: Redis['stream'] };
  stream?.cork();
  const sent = [['multi'] as const, ...commands, ['exec'] as const].map((line) => send(client, line));
  stream?.uncork();
  const outcomes = await Promise.allSettled(sent);
  const last = outcomes.pop()!;
  if (last.status === 'rejected') throw withReasons(last.reason, outcomes);
  const replies = last.value as unknown[];
  for (const reply of replies) if (reply instanceof Error) throw reply;
  return replies;
}

function send(client: Redis, [name, ...args]: CommandLine): Promise<unknown> {
  const command = new UnjoinedCommand(name, args, { replyEncoding: 'utf8' });
  client.sendCommand(command);
  return command.promise;
}

/** Why a transaction was refused is said only where its commands were queued; ioredis names such errors so too. */
const withReasons = (error: unknown, queued: readonly PromiseSettledResult<unknown>[]): unknown => {
  const previousErrors = queued.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  return error instanceof Error ? Object.assign(error, { previousErrors }) : error;
};

class UnjoinedCommand extends Command {
  /** Writes all but the end, which its caller writes. */
  override toWritable(socket: object): string {
    const stream = socket as Writable;
    let text = `*${this.args.length + 1}\r\n${bulk(this.name)}`;
    for (const arg of this.args) {
      if (Buffer.isBuffer(arg)) {
        stream.write(`${text}$${arg.byteLength}\r\n`);
        stream.write(arg);
        text = '\r\n';
      } else {
        text += bulk(String(arg));
      }
    }
    return text;
  }
}

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
