export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** The place of the name, whole or cut to three letters, that a text has at an index in any case; -1 if there is none. */
export function nameAt(names: readonly string[], text: string, index: number, isShort: boolean): number {
  return names.findIndex((name) => {
    const length = isShort ? 3 : name.length;
    return text.slice(index, index + length).toLowerCase() === name.slice(0, length).toLowerCase();
  });
}
