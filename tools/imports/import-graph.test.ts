import { describe, expect, it } from 'vitest';
import { circlesOf, folderGraphOf, importGraphOf, specifiersOf } from './import-graph.ts';

const graphOf = (files: Record<string, string>, entries: Record<string, string> = {}) =>
  importGraphOf(new Map(Object.entries(files)), new Map(Object.entries(entries)));

describe('specifiersOf', () => {
  it('finds every form of import', () => {
    const source = [
      "import { a } from './a.ts';",
      "import type {\n  B,\n} from './b.ts';",
      "export * from './c.ts';",
      "import './d.ts';",
      "const e = await import('./e.ts');",
      "type F = import('./f.ts').F;",
      "export const text = 'from there';",
    ];
    expect(specifiersOf(source.join('\n'))).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts']);
  });
});

describe('circlesOf', () => {
  it('finds a circle of files, also one that only types close', () => {
    const graph = graphOf({
      'x/a.ts': "import { b } from './b.ts';",
      'x/b.ts': "import { c } from './y/c.ts';",
      'x/y/c.ts': "import type { A } from '../a.ts';",
      'x/d.ts': "import './a.ts';",
    });
    expect(circlesOf(graph)).toEqual([['x/a.ts', 'x/b.ts', 'x/y/c.ts']]);
  });

  it('follows imports of packages through their entries', () => {
    const files = {
      'p/index.ts': "export * from './p.ts';",
      'p/p.ts': "import { q } from '@sluice/q';",
      'q/index.ts': "import '@sluice/p';",
    };
    const graph = graphOf(files, { '@sluice/p': 'p/index.ts', '@sluice/q': 'q/index.ts' });
    expect(circlesOf(graph)).toEqual([['p/index.ts', 'p/p.ts', 'q/index.ts']]);
  });

  it('finds none where two ways lead to one file', () => {
    const graph = graphOf({
      'a.ts': "import './b.ts';\nimport './c.ts';",
      'b.ts': "import './d.ts';",
      'c.ts': "import './d.ts';",
      'd.ts': '',
    });
    expect(circlesOf(graph)).toEqual([]);
  });
});

describe('folderGraphOf', () => {
  it('shows folders that depend on each other although no files do', () => {
    const graph = graphOf({ 'x/a.ts': "import '../y/b.ts';", 'y/b.ts': '', 'y/c.ts': "import '../x/d.ts';", 'x/d.ts': '' });
    expect(circlesOf(graph)).toEqual([]);
    expect(circlesOf(folderGraphOf(graph))).toEqual([['x', 'y']]);
  });
});
