import { DeadLetterDesk, FunctionsDesk, type Operator, readOverview } from '@sluice/operator';
import type { Picture } from './view.ts';
import { DEAD_LETTERS_VIEW, FUNCTIONS_VIEW } from './views.ts';

const NEWEST_LETTERS = 100;

/** The installation, and what only that view shows. */
export async function readPicture(operator: Operator, view: number): Promise<Picture> {
  const { session, keyPrefix } = operator;
  const overview = await readOverview(operator);
  const mailboxes = view === FUNCTIONS_VIEW ? await new FunctionsDesk(session, keyPrefix).list(undefined) : [];
  if (view !== DEAD_LETTERS_VIEW) return { overview, mailboxes, letters: [] };
  const desk = new DeadLetterDesk(session, keyPrefix);
  const some = overview.targets.filter(({ deadLetters }) => deadLetters > 0);
  const letters = await Promise.all(some.map(({ target }) => desk.list(target, 0, NEWEST_LETTERS)));
  return { overview, mailboxes, letters: letters.flat() };
}
