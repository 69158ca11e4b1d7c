import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Act } from '../actions.ts';
import { BoardRefusalError } from '../security/errors.ts';
import { targetOfDeadLetters } from './queue-adapters.ts';

interface QueueParams {
  readonly queueName?: string;
  readonly jobId?: string;
  readonly queueStatus?: string;
}

/** By the path of Bull Board's API, below `/api/queues/:queueName`. */
const ACTIONS: Readonly<Record<string, string>> = {
  '/:jobId/retry': 'dead_letters.redrive',
  '/:jobId/clean': 'dead_letters.remove',
  '/retry/:queueStatus': 'dead_letters.redrive',
  '/clean/:queueStatus': 'dead_letters.remove',
  '/empty': 'dead_letters.remove',
};

/**
 * Answers everything by which Bull Board would change something, so that none of it reaches BullMQ: what can be done to dead letters is
 * done by our own actions, which keep the records and the audit log; everything else is refused.
 */
export const queueActions =
  (act: Act, path: string) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (request.method === 'GET' || request.method === 'HEAD') return undefined;
    const { queueName = '', jobId, queueStatus = 'failed' } = request.params as QueueParams;
    const target = targetOfDeadLetters(queueName);
    const name = ACTIONS[request.routeOptions.url?.slice(`${path}/api/queues/:queueName`.length) ?? ''];
    if (target === undefined || name === undefined || queueStatus !== 'failed')
      throw new BoardRefusalError(
        405,
        'QUEUE_READ_ONLY',
        'this cannot be done from Bull Board: lanes are read-only, and dead letters can be retried and removed; see the status page',
      );
    const { plan } = await act(request.boardUser, name, jobId === undefined ? { target, all: true } : { target, ids: [jobId] });
    return jobId === undefined ? reply.send({ retried: plan.facts['count'], skipped: 0 }) : reply.code(204).send();
  };
