import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ErrorClass {
  readonly name: string;
  readonly parent: string;
  readonly isAbstract: boolean;
  readonly path: string;
  readonly summary: string;
  readonly code: string | undefined;
  readonly disposition: string | undefined;
}

const CLASS = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?export (abstract )?class (\w+) extends (\w+)(?:<[^{]*>)? \{([\s\S]*?)\n\}/g;

/** Every error of the packages and apps: the classes that descend from `SluiceError`, read from the source. */
export function errorClasses(root: string): ErrorClass[] {
  const all = globSync(['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts'], { cwd: root })
    .filter((path) => !/\.test\.ts$|\/testing\//.test(path))
    .toSorted()
    .flatMap((path) => classesIn(readFileSync(join(root, path), 'utf8'), path));
  const byName = new Map(all.map((one) => [one.name, one]));
  const isOurs = (name: string): boolean => name === 'SluiceError' || (byName.has(name) && isOurs(byName.get(name)!.parent));
  const inherit = (name: string, pick: (one: ErrorClass) => string | undefined): string | undefined => {
    const one = byName.get(name);
    return one && (pick(one) ?? inherit(one.parent, pick));
  };
  return all
    .filter(({ name, parent }) => name !== 'SluiceError' && isOurs(parent))
    .map((one) => ({
      ...one,
      code: inherit(one.name, ({ code }) => code),
      disposition: inherit(one.name, ({ disposition }) => disposition),
    }));
}

function classesIn(source: string, path: string): ErrorClass[] {
  return [...source.matchAll(CLASS)].map(([, comment = '', abstract, name, parent, body]) => ({
    name: name!,
    parent: parent!,
    isAbstract: abstract !== undefined,
    path,
    summary: comment
      .replaceAll(/^\s*\* ?/gm, '')
      .trim()
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/\{@link ([^}]+)\}/g, '`$1`'),
    // A class whose errors have codes of their own says so, and names them in its comment.
    code: /readonly code(?:: [^=]+)? = '([A-Z_0-9]+)'/.exec(body!)?.[1] ?? (/readonly code: [^=]+;/.test(body!) ? 'by case' : undefined),
    disposition: /readonly disposition(?:: [^=;]+)? = '(\w+)'/.exec(body!)?.[1],
  }));
}
