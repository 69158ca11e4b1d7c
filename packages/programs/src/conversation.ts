import type { Clock, Logger } from '@sluice/core';
import type { Conversation, ConversationOutcome, ConversationSettings } from '@sluice/processors';
import type { Children } from './child.ts';
import { contentOf, requestsOf } from './framing.ts';
import { Partner } from './partner.ts';

interface TalkOptions {
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly children: Children;
}

/** One message after the other to a program that stays. A program that has ended is started again with the next message. */
export class Talk implements Conversation {
  readonly #settings: ConversationSettings;
  readonly #options: TalkOptions;
  #partner: Partner | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(settings: ConversationSettings, options: TalkOptions) {
    this.#settings = settings;
    this.#options = options;
  }

  ask(message: Uint8Array, signal: AbortSignal): Promise<ConversationOutcome> {
    const asked = this.#turn.then(() => this.#ask(message, signal));
    this.#turn = asked.catch(() => undefined);
    return asked;
  }

  async #ask(message: Uint8Array, signal: AbortSignal): Promise<ConversationOutcome> {
    signal.throwIfAborted();
    const { send } = this.#settings;
    const answers: Uint8Array[] = [];
    for (const request of requestsOf(send, message)) {
      if (!this.#partner?.isThere) this.#partner = Partner.start(this.#settings, this.#options);
      const outcome = await this.#partner.ask(request, signal);
      signal.throwIfAborted();
      if (outcome.problem !== undefined) return outcome;
      answers.push(outcome.answer);
    }
    return { answer: contentOf(send, message, answers) };
  }
}
