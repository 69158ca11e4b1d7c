import { DEVELOPMENT_ONLY, FORBIDDEN, TEST_RUNNER } from './layers.ts';

export interface Workspace {
  /** Folder name, such as `queue`. */
  readonly name: string;
  /** Place of its layer among `LAYERS`; -1 where it names none. */
  readonly layer: number;
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
}

export interface ImportSite {
  readonly file: string;
  readonly line: number;
  readonly specifier: string;
  /** The file belongs to tests: it may use devDependencies and packages of any layer below the apps. */
  readonly isTest: boolean;
}

const IMPORT =
  /^\s*(?:import|export)\s(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|^\}\s+from\s+['"]([^'"]+)['"]/;
const TEST_FILE = /(\.(test|conformance|bench)\.ts$)|\/(testing|e2e)\//;

/** Every import of a package, with its place. Relative imports and Node's own modules do not count. */
export function importsOf(file: string, source: string): ImportSite[] {
  return source.split('\n').flatMap((text, index) => {
    const match = IMPORT.exec(text);
    const specifier = match?.[1] ?? match?.[2] ?? match?.[3];
    // A specifier with a placeholder is text of a program that is written there, or known only when it runs.
    if (!specifier || specifier.includes('${') || specifier.startsWith('.') || specifier.startsWith('node:')) return [];
    return [{ file, line: index + 1, specifier, isTest: TEST_FILE.test(file) }];
  });
}

/** What is wrong with an import, or `undefined`. */
export function problemOf(workspace: Workspace, site: ImportSite, layerOf: (workspace: string) => number): string | undefined {
  const imported = packageOf(site.specifier);
  if (imported === TEST_RUNNER) return undefined;
  const isDeclared = workspace.dependencies.has(imported) || (site.isTest && workspace.devDependencies.has(imported));
  const isSelf = imported === `@sluice/${workspace.name}`;
  if (!isDeclared && !isSelf) return `imports ${imported}, which its package.json does not declare`;
  if (!imported.startsWith('@sluice/')) {
    return FORBIDDEN[workspace.name]?.test(imported) && !site.isTest
      ? `imports ${imported}, which ${workspace.name} must not know`
      : undefined;
  }
  return isSelf ? undefined : directionProblem(workspace, imported.slice('@sluice/'.length), site.isTest, layerOf);
}

function directionProblem(from: Workspace, to: string, isTest: boolean, layerOf: (workspace: string) => number): string | undefined {
  if (isTest && DEVELOPMENT_ONLY.has(to)) return undefined;
  return layerOf(to) < from.layer ? undefined : `imports @sluice/${to}, whose layer is not below that of ${from.name}`;
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
