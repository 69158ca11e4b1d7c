/**
 * Checks the shape of the house: imports that a workspace does not declare or that go up (`layers.ts`), files that import each other
 * in a circle (types included), and files that are long for no stated reason. Circles of folders are shown and do not fail.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { circlesOf, folderGraphOf, importGraphOf } from './import-graph.ts';
import { LAYERS } from './layers.ts';
import { longFileProblem } from './long-files.ts';
import { importsOf, problemOf, type Workspace } from './rules.ts';

interface Manifest {
  readonly exports?: Readonly<Record<string, string>>;
  readonly nx?: { readonly tags?: readonly string[] };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const FOLDERS = globSync([
  'packages/*/package.json',
  'apps/*/package.json',
  'apps/board/web/package.json',
  'tools/package.json',
  'bench/package.json',
  'e2e/package.json',
  'docs/package.json',
]).map(dirname);

const manifests = new Map(FOLDERS.map((folder) => [folder, JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Manifest]));
const workspaces = new Map([...manifests].map(([folder, manifest]) => [folder, workspaceOf(basename(folder), manifest)]));
const layers = new Map([...workspaces.values()].map(({ name, layer }) => [name, layer]));
const sources = new Map(FOLDERS.flatMap(filesOf).map((file) => [file, readFileSync(file, 'utf8')]));

const files = importGraphOf(sources, entriesOf(manifests));
const problems = [
  ...[...workspaces.values()]
    .filter(({ layer }) => layer < 0)
    .map(({ name }) => `${name}: no tag layer:… in its package.json names a layer of tools/imports/layers.ts`),
  ...[...workspaces].flatMap(([folder, workspace]) => filesOf(folder).flatMap((file) => directionProblems(workspace, file))),
  ...circlesOf(files).map((circle) => `files import each other in a circle: ${circle.join(', ')}`),
  ...[...sources].flatMap(([file, source]) => longFileProblem(file, source) ?? []),
];

/** Shown, and no error yet. */
const notes = [...FOLDERS.flatMap(folderCircles)];
process.stdout.write(notes.map((note) => `note: ${note}\n`).join(''));
process.stdout.write(problems.map((problem) => `${problem}\n`).join(''));
process.stdout.write(`imports: ${FOLDERS.length} workspaces, ${sources.size} files, ${problems.length} problems\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

function filesOf(folder: string): string[] {
  const nested = FOLDERS.filter((each) => each.startsWith(`${folder}/`));
  return globSync(`${folder}/**/*.{ts,tsx}`, { exclude: (name) => name.includes('node_modules') || nested.includes(name) });
}

function directionProblems(workspace: Workspace, file: string): string[] {
  return importsOf(file, sources.get(file)!).flatMap((site) => {
    const problem = problemOf(workspace, site, (name) => layers.get(name) ?? Number.POSITIVE_INFINITY);
    return problem ? [`${site.file}:${site.line} ${problem}`] : [];
  });
}

/** Tests may import what they like within their package. Its root holds what all of it shares, and what puts it together. */
function folderCircles(folder: string): string[] {
  const nested = FOLDERS.filter((each) => each.startsWith(`${folder}/`));
  const counts = (file: string) =>
    file.startsWith(`${folder}/`) &&
    !nested.some((each) => file.startsWith(`${each}/`)) &&
    dirname(file) !== `${folder}/src` &&
    !/\.(test|conformance)\.ts$|\/testing\//.test(file);
  const own = new Map([...files].filter(([file]) => counts(file)).map(([file, targets]) => [file, new Set([...targets].filter(counts))]));
  return circlesOf(folderGraphOf(own)).map((circle) => `folders import each other in a circle: ${circle.join(', ')}`);
}

function workspaceOf(name: string, manifest: Manifest): Workspace {
  const tag = manifest.nx?.tags?.find((each) => each.startsWith('layer:'));
  return {
    name,
    layer: LAYERS.findIndex((layer) => tag === `layer:${layer}`),
    dependencies: new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })),
    devDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
  };
}

function entriesOf(all: ReadonlyMap<string, Manifest>): Map<string, string> {
  return new Map(
    [...all].flatMap(([folder, { exports = {} }]) =>
      Object.entries(exports).map(([entry, file]) => [join('@sluice', basename(folder), entry), join(folder, file)] as const),
    ),
  );
}
