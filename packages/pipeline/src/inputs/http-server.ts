import type { BloblangSource } from '@sluice/config';
import { type BuildInput, optionsOf } from '../component.ts';
import { ComponentConfigError } from '../errors.ts';
import { type AnswerOptions, answerTo } from '../http/answer.ts';
import { plain } from '../http/plain.ts';
import { readRequest } from '../http/read-request.ts';
import type { Handler } from '../http/routes.ts';
import { serve } from '../http/serve.ts';
import { counted } from './counted.ts';

interface HttpServerOptions {
  readonly address: string;
  readonly path: string;
  readonly allowed_verbs: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
  readonly rate_limit: string;
  readonly sync_response: {
    readonly status: BloblangSource;
    readonly headers: Readonly<Record<string, BloblangSource>>;
  };
}

/**
 * `http_server`: each request is a batch, and is answered once that is delivered: with what a `sync_response` says, or with the reason why it
 * was refused. Whoever sends it has to send it again then.
 */
export const httpServer: BuildInput = (settings, context) => {
  const {
    address,
    path,
    allowed_verbs: verbs,
    timeout,
    rate_limit: limitName,
    sync_response: sync,
  } = optionsOf<HttpServerOptions>(settings);
  const answer: AnswerOptions = answerTo(sync, context.logger.child({ path: settings.path }));
  const limit = limitName === '' ? undefined : context.resources.rateLimit(limitName);
  if (limitName !== '' && !limit) throw new ComponentConfigError(settings, `\`rate_limit\`: there is no rate limit \`${limitName}\``);
  context.telemetry.startAtZero({ input: settings.path });
  return async (next, signal) => {
    context.telemetry.emit({ type: 'input.opened', input: settings.path });
    const deliver = counted(next, settings, context);
    const handle: Handler = async (request, response, variables) => {
      if (!verbs.includes(request.method!)) return plain(response, 405, 'Incorrect method');
      const waitMs = await limit?.access();
      if (waitMs) return plain(response.setHeader('Retry-After', String(Math.ceil(waitMs / 1_000))), 429, 'Too Many Requests');
      const messages = await readRequest(request, response, variables);
      if (!messages) return;
      context.outstanding.add();
      const answers: Parameters<AnswerOptions>[1] = [];
      const timer = context.clock.setTimeout(() => plain(response, 408, 'Request timed out'), timeout);
      await deliver({
        messages,
        respond: (answered) => answers.push(...answered),
        settle: (failure) => {
          context.clock.clearTimeout(timer);
          if (!response.headersSent) answer(response, answers, failure);
          context.outstanding.remove();
        },
      });
    };
    if (address === '') await context.routes.add(path, handle, signal);
    else await serve(address, path, handle, { settings, signal, onClose: context.onClose });
  };
};
