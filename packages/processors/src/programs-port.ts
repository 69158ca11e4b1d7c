/** What `command` and `subprocess` ask of programs, which are run elsewhere. */

export interface Programs {
  /** Why a program may not be run, `undefined` where it may. Without a name: why none may be. */
  refusal(name: string | undefined): string | undefined;
  /** Runs a program to its end. Rejects with the reason of the signal only. */
  run(program: ProgramCall, signal: AbortSignal): Promise<ProgramOutcome>;
  /** A program that is started with the first message and answers one after the other. */
  open(settings: ConversationSettings): Conversation;
}

export interface ProgramCall {
  readonly name: string;
  readonly args: readonly string[];
  /** What it reads from its standard input. */
  readonly input: Uint8Array;
}

/** What became of a program; `problem` says why it failed. */
export type ProgramOutcome =
  | { readonly output: Uint8Array; readonly errorOutput: string; readonly problem?: undefined }
  | { readonly problem: string };

/** How messages are told apart in a stream of bytes. */
export type ProgramCodec = 'lines' | 'length_prefixed_uint32_be' | 'netstring';

export interface ConversationSettings {
  readonly name: string;
  readonly args: readonly string[];
  /** Largest answer, in bytes. */
  readonly maxAnswerBytes: number;
  readonly send: ProgramCodec;
  readonly receive: ProgramCodec;
}

export interface Conversation {
  /** What the program answers to a message, once it has answered those before. Rejects with the reason of the signal only. */
  ask(message: Uint8Array, signal: AbortSignal): Promise<ConversationOutcome>;
}

export type ConversationOutcome = { readonly answer: Uint8Array; readonly problem?: undefined } | { readonly problem: string };
