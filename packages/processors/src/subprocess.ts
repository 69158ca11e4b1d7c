import { mapAwaiting } from '@sluice/core';
import { programsOf } from './command.ts';
import { ContentError, flagged } from './failure.ts';
import type { CompileContext, ProcessedMessage, Processor, ProcessorSettings } from './processor.ts';
import type { ProgramCodec } from './programs-port.ts';

interface SubprocessOptions {
  readonly name: string;
  readonly args: readonly string[];
  readonly max_buffer: number;
  readonly codec_send: ProgramCodec;
  readonly codec_recv: ProgramCodec;
}

/**
 * `subprocess`: a program that stays, and answers each message on its standard output. Where it answers on its standard error, ends or is
 * silent for too long, the message is flagged and stays as it is.
 */
export function subprocess(settings: ProcessorSettings, context: CompileContext): Processor {
  const options = settings.options as unknown as SubprocessOptions;
  const { name, args, max_buffer: maxAnswerBytes, codec_send: send, codec_recv: receive } = options;
  const conversation = programsOf(settings, context, name).open({ name, args, maxAnswerBytes, send, receive });
  return async (batch, { signal }) => {
    const ask = async (item: ProcessedMessage): Promise<ProcessedMessage> => {
      const outcome = await conversation.ask(item.message.content, signal);
      if (outcome.problem !== undefined) return flagged(item, new ContentError(outcome.problem), settings);
      return { ...item, message: { ...item.message, content: outcome.answer } };
    };
    return [await mapAwaiting(batch, ask)];
  };
}
