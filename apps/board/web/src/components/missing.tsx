import { ApiError } from '../api/client.ts';
import type { Answer } from '../live/use-answer.ts';
import { Notice } from './page.tsx';

/** Stands for a page whose answer is not here: still asked for, gone, or refused. */
export function Missing({ answer, what }: { readonly answer: Answer<unknown>; readonly what: string }) {
  const { error } = answer;
  if (!error) return <Notice title="Loading…" />;
  if (error instanceof ApiError && error.status === 404)
    return <Notice title={`${what} is not there`}>It may have been finished, moved or removed meanwhile.</Notice>;
  return <Notice title={`Cannot read ${what}`}>{error.message}</Notice>;
}
