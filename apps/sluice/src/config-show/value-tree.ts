import type { EffectiveValue } from '@sluice/config';

/** Values by the segments of their paths. */
export type ValueTree = EffectiveValue | ValueBranch;

export class ValueBranch {
  readonly children = new Map<string, ValueTree>();

  /** Its children are the elements of a list: their names are its indexes. */
  get isList(): boolean {
    return this.children.size > 0 && [...this.children.keys()].every((name, index) => name === String(index));
  }
}

/** In a path a dot inside a name is written `~1`, and `~` as `~0`. */
const segmentsOf = (path: string): string[] => path.split('.').map((segment) => segment.replaceAll('~1', '.').replaceAll('~0', '~'));

export function valueTree(values: readonly EffectiveValue[]): ValueBranch {
  const root = new ValueBranch();
  for (const value of values) {
    const segments = segmentsOf(value.path);
    const name = segments.pop()!;
    branchAt(root, segments).children.set(name, value);
  }
  return root;
}

function branchAt(root: ValueBranch, segments: readonly string[]): ValueBranch {
  let branch = root;
  for (const segment of segments) {
    let next = branch.children.get(segment);
    if (!(next instanceof ValueBranch)) {
      next = new ValueBranch();
      branch.children.set(segment, next);
    }
    branch = next;
  }
  return branch;
}
