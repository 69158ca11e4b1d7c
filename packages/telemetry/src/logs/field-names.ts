/** What the fields of each line are called. */
export interface FieldNames {
  readonly level: string;
  readonly time: string;
  readonly message: string;
}

export const USUAL_NAMES: FieldNames = { level: 'level', time: 'time', message: 'msg' };

export interface Renaming {
  readonly names: FieldNames;
  readonly timestamp: boolean;
}

/** The fields of a line under the names that are asked for, and without its time where that is not. */
export function renamed(line: string, { names, timestamp }: Renaming): Readonly<Record<string, unknown>> {
  const { level, time, msg, ...facts } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  return { [names.level]: level, ...(timestamp && { [names.time]: time }), ...facts, [names.message]: msg };
}
