import { BloblangError } from '@sluice/values';

export type TypeKind = 'message' | 'group' | 'enum';

/** Types by their full names, which begin with a dot, as descriptors have them. */
export class TypeNames {
  readonly #kinds = new Map<string, TypeKind>();

  add(fullName: string, kind: TypeKind): void {
    this.#kinds.set(fullName, kind);
  }

  /** The type that a name means within a scope, such as `.package.Message`: the innermost that there is. */
  resolve(name: string, scope: string): { readonly fullName: string; readonly kind: TypeKind } {
    for (const fullName of candidates(name, scope)) {
      const kind = this.#kinds.get(fullName);
      if (kind) return { fullName, kind };
    }
    throw new BloblangError(`expected a type, found \`${name}\`, which is declared nowhere`);
  }
}

function candidates(name: string, scope: string): string[] {
  if (name.startsWith('.')) return [name];
  const parts = scope.split('.');
  return parts.map((_, index) => [...parts.slice(0, parts.length - index), name].join('.'));
}
