/** What a table says of a name that a user wrote. A name such as `constructor` is no entry of any table, though JavaScript would find something. */
export const ownValue = <Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
