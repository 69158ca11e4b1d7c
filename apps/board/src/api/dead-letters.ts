import { DeadLetterDesk } from '@sluice/operator';
import type { DeadLetter } from '@sluice/queue';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ApiContext } from './api-context.ts';
import { flagField, pageFields, readRequest } from './read-request.ts';
import { recordData } from './record-data.ts';

const listSchema = z.object({ target: z.string().optional(), ...pageFields });
const oneSchema = z.object({ data: flagField });

/** `GET /api/dead-letters` of one target or of all, newest first, and one of them. */
export function serveDeadLetters(server: FastifyInstance, { connected, keyPrefix, settings }: ApiContext): void {
  server.get('/api/dead-letters', async ({ query }) => {
    const { target, offset, count } = readRequest(listSchema, query);
    const desk = new DeadLetterDesk(connected(), keyPrefix);
    const targets = (await desk.targets(target)).map((one) => one.target);
    const [total, lists] = await Promise.all([
      desk.countAll(target),
      // Of several targets, any may have the newest ones.
      Promise.all(targets.map((one) => (targets.length === 1 ? desk.list(one, offset, count) : desk.list(one, 0, offset + count)))),
    ]);
    const letters = lists.flat().toSorted((a, b) => b.rejectedAtMs - a.rejectedAtMs);
    return { total, letters: targets.length === 1 ? letters : letters.slice(offset, offset + count) };
  });

  server.get<{ Params: { target: string; id: string } }>('/api/dead-letters/:target/:id', async ({ params: { target, id }, query }) => {
    const { data } = readRequest(oneSchema, query);
    const letter = await new DeadLetterDesk(connected(), keyPrefix).find(id, target);
    return describeLetter(letter, recordData(letter.record, data, settings));
  });
}

const describeLetter = ({ record, ...summary }: DeadLetter, data: object) => ({
  ...summary,
  ...(record.explicitHashKey !== undefined && { explicitHashKey: record.explicitHashKey }),
  ...(record.stream !== undefined && { stream: record.stream }),
  metadata: record.metadata,
  ...data,
});
