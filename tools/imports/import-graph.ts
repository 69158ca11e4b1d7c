import { dirname, join } from 'node:path';

/** Each file, by its path from the root, with the files of the house that it imports; types included. */
export type ImportGraph = ReadonlyMap<string, ReadonlySet<string>>;

/** The imports of a file as they are written: static, dynamic, re-exports, and those within a type. */
const SPECIFIER =
  /^\s*(?:import|export)\b[^'";]*?\bfrom\s+['"]([^'"\n]+)['"]|^\s*import\s+['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/gm;

export function specifiersOf(source: string): string[] {
  return [...source.matchAll(SPECIFIER)].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

/** @param entries what each `@sluice/…` specifier stands for, such as `@sluice/core` for `packages/core/src/index.ts` */
export function importGraphOf(sources: ReadonlyMap<string, string>, entries: ReadonlyMap<string, string>): ImportGraph {
  const targetOf = (file: string, specifier: string) =>
    specifier.startsWith('.') ? join(dirname(file), specifier) : entries.get(specifier);
  return new Map(
    [...sources].map(([file, source]) => {
      const targets = specifiersOf(source).map((specifier) => targetOf(file, specifier));
      return [file, new Set(targets.filter((target) => target !== undefined && sources.has(target)) as string[])];
    }),
  );
}

/** The same graph between folders. A file's import of its own folder does not count. */
export function folderGraphOf(files: ImportGraph): ImportGraph {
  const folders = new Map<string, Set<string>>();
  for (const [file, targets] of files) {
    const from = dirname(file);
    const known = folders.get(from) ?? new Set();
    folders.set(from, known);
    for (const target of targets) if (dirname(target) !== from) known.add(dirname(target));
  }
  return folders;
}

/** Groups of nodes that reach each other (Tarjan's strongly connected components of more than one node), each in the order of its names. */
export function circlesOf(graph: ImportGraph): string[][] {
  const circles: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const visit = (node: string): number => {
    const index = order.size;
    order.set(node, index);
    let low = index;
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (path.includes(next)) low = Math.min(low, lowest.get(next) ?? order.get(next)!);
    }
    lowest.set(node, low);
    if (low === index) {
      const circle = path.splice(path.indexOf(node));
      if (circle.length > 1) circles.push(circle.sort());
    }
    return low;
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return circles;
}
