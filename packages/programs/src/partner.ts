/**
 * A running program that is asked one thing at a time. An answer belongs to the question that is open: what comes when none is, is logged.
 * Once a question has failed without its answer being known, the two may be out of step, so the program is ended.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Clock, Logger } from '@sluice/core';
import type { ConversationOutcome, ConversationSettings } from '@sluice/processors';
import { type Children, endText, kill, startProblem } from './child.ts';
import { AnswerReader, MalformedAnswerError } from './framing.ts';

/** How long more is taken from standard error, once a program answers there. */
const ERROR_MS = 1_000;

interface PartnerOptions {
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly children: Children;
}

type Settle = (outcome: ConversationOutcome) => void;

export class Partner {
  readonly #options: PartnerOptions;
  readonly #name: string;
  readonly #child: ChildProcessWithoutNullStreams | undefined;
  readonly #answers: AnswerReader;
  readonly #errorLines: AnswerReader;
  /** Lines of standard error for the open question; `undefined` before the first. */
  #errors: string[] | undefined;
  #settle: Settle | undefined;
  #startProblem: string | undefined;
  #isThere = true;

  static start(settings: ConversationSettings, options: PartnerOptions): Partner {
    return new Partner(settings, options);
  }

  private constructor({ name, args, receive, maxAnswerBytes }: ConversationSettings, options: PartnerOptions) {
    this.#options = options;
    this.#name = name;
    this.#answers = new AnswerReader(receive, maxAnswerBytes);
    this.#errorLines = new AnswerReader('lines', maxAnswerBytes);
    try {
      this.#child = this.#watched(options.children.start(name, args));
    } catch (error) {
      this.#cannotStart(error as NodeJS.ErrnoException);
    }
  }

  /** Whether it can be asked. */
  get isThere(): boolean {
    return this.#isThere;
  }

  async ask(request: Uint8Array, signal: AbortSignal): Promise<ConversationOutcome> {
    if (this.#startProblem !== undefined) return { problem: this.#startProblem };
    const { clock, timeoutMs } = this.#options;
    const timer = clock.setTimeout(
      () => this.#giveUp(`expected an answer of \`${this.#name}\` within ${timeoutMs} ms, found none`),
      timeoutMs,
    );
    const onAbort = () => this.#giveUp('given up');
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise<ConversationOutcome>((resolve) => {
        this.#errors = undefined;
        this.#settle = resolve;
        this.#child!.stdin.write(request);
      });
    } finally {
      this.#settle = undefined;
      clock.clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  #watched(child: ChildProcessWithoutNullStreams): ChildProcessWithoutNullStreams {
    child.stdout.on('data', (chunk: Buffer) =>
      this.#reading(
        () => this.#answers.push(chunk),
        (answer) => this.#answered(answer),
      ),
    );
    child.stderr.on('data', (chunk: Buffer) =>
      this.#reading(
        () => this.#errorLines.push(chunk),
        (line) => this.#complained(line),
      ),
    );
    child.once('error', (error) => child.pid === undefined && this.#cannotStart(error));
    child.once('close', (code, signal) => this.#ended(endText(code, signal)));
    return child;
  }

  #reading(read: () => readonly Buffer[], take: (found: Buffer) => void): void {
    if (!this.#isThere) return;
    try {
      for (const found of read()) take(found);
    } catch (error) {
      if (!(error instanceof MalformedAnswerError)) throw error;
      this.#giveUp(error.message);
    }
  }

  #answered(answer: Buffer): void {
    if (!this.#settle) {
      this.#stray('output');
      return;
    }
    // Behind a complaint it is the answer to the same question, which has failed.
    if (this.#errors) return;
    this.#settle({ answer });
    this.#settle = undefined;
  }

  #complained(line: Buffer): void {
    const settle = this.#settle;
    if (!settle) {
      this.#stray('error');
      return;
    }
    if (this.#errors) {
      this.#errors.push(line.toString());
      return;
    }
    const lines = [line.toString()];
    this.#errors = lines;
    this.#options.clock.setTimeout(() => settle({ problem: lines.join('\n') }), ERROR_MS);
  }

  #stray(stream: 'output' | 'error'): void {
    this.#options.logger.warn('a program wrote something though nothing was asked', { program: this.#name, stream });
  }

  #cannotStart(error: NodeJS.ErrnoException): void {
    this.#isThere = false;
    this.#startProblem = startProblem(this.#name, error);
    this.#settle?.({ problem: this.#startProblem });
  }

  /** Ends the program, since what it writes next could be the answer to what was asked before. */
  #giveUp(problem: string): void {
    this.#isThere = false;
    if (this.#child) kill(this.#child);
    this.#settle?.({ problem: this.#errors?.join('\n') ?? problem });
  }

  #ended(how: string): void {
    const isWanted = this.#isThere && !this.#child!.stdin.writableEnded;
    if (isWanted) this.#options.logger.warn('a program has ended; the next message starts it again', { program: this.#name, how });
    this.#isThere = false;
    const rest = this.#answers.end();
    if (rest) this.#answered(rest);
    const lastWords = this.#errorLines.end();
    const errors = [...(this.#errors ?? []), ...(lastWords ? [lastWords.toString()] : [])];
    this.#settle?.({ problem: errors.length > 0 ? errors.join('\n') : `the program \`${this.#name}\` ended before it answered: ${how}` });
  }
}
