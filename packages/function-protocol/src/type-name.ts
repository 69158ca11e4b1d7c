/** `namespace/name`. The namespace may be empty, as upstream lets it be. */
export interface TypeName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Reads a type name as upstream does (Java's `split("/")`, two parts): slashes at the end are dropped, nothing is trimmed,
 * every character counts. `undefined` where upstream refuses it.
 */
export function parseTypeName(text: string): TypeName | undefined {
  const parts = text.replace(/\/+$/, '').split('/');
  const [namespace, name] = parts;
  return parts.length === 2 && namespace !== undefined && name !== undefined ? { namespace, name } : undefined;
}

export const formatTypeName = ({ namespace, name }: TypeName): string => `${namespace}/${name}`;

export const badTypeName = (text: string): string => `invalid type name \`${text}\`: it must be of the form \`<namespace>/<name>\``;
