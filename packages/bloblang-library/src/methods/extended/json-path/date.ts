import { BloblangError, compileParse, type Timestamp, type Value } from '@sluice/values';

/** In the order in which they are tried. */
const LAYOUTS = [
  'Mon Jan _2 15:04:05 2006',
  'Mon Jan _2 15:04:05 MST 2006',
  'Mon Jan 02 15:04:05 -0700 2006',
  '3:04PM',
  '2006-01-02T15:04:05Z07:00',
  '2006-01-02T15:04:05.999999999Z07:00',
  '2006-01-02',
  '2006-01-02 15:04',
  '2006-01-02 15:04:05',
  '2006-01-02 15:04:05-07:00',
  '2006-01-02T15Z0700',
  '2006-01-02T15:04Z0700',
  '2006-01-02T15:04:05Z0700',
  '2006-01-02T15:04:05.999999999Z0700',
].map(compileParse);

/** The function `date(text)`. */
export function dateOf(args: readonly Value[]): Timestamp {
  const [text] = args;
  if (args.length !== 1 || typeof text !== 'string') throw new BloblangError('date() expects exactly one string argument');
  for (const parse of LAYOUTS) {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof BloblangError)) throw error;
    }
  }
  throw new BloblangError(`date() could not parse ${text}`);
}
