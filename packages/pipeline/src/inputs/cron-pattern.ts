/** Cron expressions as the original's library reads them, in the form that ours takes. */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** The greatest value of each field, and the names it knows; seconds may be left out. */
const FIELDS: readonly { readonly max: number; readonly names?: readonly string[] }[] = [
  { max: 59 },
  { max: 59 },
  { max: 23 },
  { max: 31 },
  { max: 12, names: MONTHS },
  { max: 6, names: DAYS },
];

const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

/** @returns no pattern where the expression has more, fewer or other fields than the original takes */
export function cronPattern(expression: string): { readonly pattern: string | undefined; readonly timeZone: string } {
  const [, timeZone = 'UTC', times = ''] = /^(?:TZ=(\S+)\s+)?(.*)$/s.exec(expression.trim())!;
  const fields = (NICKNAMES.get(times) ?? times).split(/\s+/);
  const kinds = FIELDS.slice(FIELDS.length - fields.length);
  const isComplete = fields.length === 5 || fields.length === 6;
  const read = isComplete ? fields.map((field, index) => fieldOf(field, kinds[index]!)) : [undefined];
  return { pattern: read.includes(undefined) ? undefined : read.join(' '), timeZone };
}

function fieldOf(field: string, { max, names = [] }: (typeof FIELDS)[number]): string | undefined {
  const parts = field
    .toLowerCase()
    .split(',')
    .map((part) => partOf(part, max, names));
  return parts.includes(undefined) ? undefined : parts.join(',');
}

/** `*`, `n`, `n-m`, each with `/step`; `?` is `*`, and `n/step` goes up to the greatest value. */
function partOf(part: string, max: number, names: readonly string[]): string | undefined {
  const [, from, to, step] = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
  if (from === undefined) return undefined;
  const isValue = (text: string): boolean => names.includes(text) || (/^\d+$/.test(text) && Number(text) <= max);
  const suffix = step === undefined ? '' : `/${step}`;
  if (from === '*' || from === '?') return to === undefined ? `*${suffix}` : undefined;
  if (!isValue(from) || (to !== undefined && !isValue(to))) return undefined;
  if (to !== undefined) return `${from}-${to}${suffix}`;
  return step === undefined ? from : `${from}-${max}${suffix}`;
}
