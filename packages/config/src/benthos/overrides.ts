import type { ProblemLog } from '../problem/problem.ts';
import { SourceFile, sliceOf } from '../source/source-file.ts';
import { type ConfigNode, ListNode, MapNode, ScalarNode } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse-document.ts';

/** A flag of its own that stands for one field: the value is a text. */
export interface FlagSetting {
  /** As the user wrote it, such as `--redis-url`. */
  readonly flag: string;
  readonly path: string;
  readonly value: string;
}

/** One field that a flag sets. Of `-s path=value` the value is YAML. */
export interface Override {
  readonly path: readonly string[];
  readonly value: ConfigNode;
  readonly key: ScalarNode;
  readonly file: SourceFile;
}

export const readOverride = (override: string | FlagSetting, log: ProblemLog): Override | undefined =>
  typeof override === 'string' ? parseOverride(override, log) : fromFlag(override);

function fromFlag({ flag, path, value }: FlagSetting): Override {
  const file = new SourceFile(flag, value);
  const source = sliceOf(file, 0, value.length);
  return { path: segmentsOf(path), value: new ScalarNode(source, 0, value, 'plain'), key: new ScalarNode(source, 0, path, 'quoted'), file };
}

/** Reads `path=value`. Dots part the path; `~1` is a dot within a name and `~0` a tilde, as in Benthos. */
function parseOverride(expression: string, log: ProblemLog): Override | undefined {
  const equals = expression.indexOf('=');
  const file = new SourceFile(`-s ${expression.slice(0, equals <= 0 ? 60 : equals)}`, expression);
  if (equals <= 0) {
    log.error('override.invalid', file.positionAt(0), `expected \`path=value\`, for example \`output.aws_kinesis.stream=orders\``);
    return undefined;
  }
  const source = sliceOf(file, equals + 1, expression.length);
  const key = new ScalarNode(sliceOf(file, 0, equals), 0, expression.slice(0, equals), 'quoted');
  const value = parseDocument(source, { resolvesAliases: true }, log) ?? new ScalarNode(source, 0, '', 'plain');
  return { path: segmentsOf(key.text), value, key, file };
}

const segmentsOf = (path: string): string[] => path.split('.').map((segment) => segment.replaceAll('~1', '.').replaceAll('~0', '~'));

/** `root` with the value put at the path; objects on the way are made, `-` appends to a list. */
export function applyOverride(
  root: ConfigNode,
  { path, value, key }: Pick<Override, 'path' | 'value' | 'key'>,
  log: ProblemLog,
): ConfigNode {
  const set = (node: ConfigNode | undefined, index: number): ConfigNode => {
    const segment = path[index];
    if (segment === undefined) return value;
    if (node instanceof ListNode) return setItem(node, segment, index);
    const entries = node instanceof MapNode ? node.entries : [];
    const before = entries.findLast((entry) => entry.key.text === segment);
    const name = new ScalarNode(key.origin, key.offset, segment, 'quoted');
    const changed = { key: before?.key ?? name, value: set(before?.value, index + 1) };
    const others = entries.filter((entry) => entry.key.text !== segment);
    return new MapNode(node?.origin ?? key.origin, node?.offset ?? key.offset, [...others, changed]);
  };
  const setItem = (node: ListNode, segment: string, index: number): ConfigNode => {
    const at = segment === '-' ? node.items.length : /^\d+$/.test(segment) ? Number(segment) : Number.NaN;
    if (Number.isNaN(at) || at > node.items.length) {
      log.error(
        'override.invalid',
        key.position,
        `\`${path.slice(0, index).join('.')}\` is a list of ${node.items.length}: expected an index, or \`-\` to append, got \`${segment}\``,
      );
      return node;
    }
    const items = [...node.items];
    items[at] = set(items[at], index + 1);
    return new ListNode(node.origin, node.offset, items);
  };
  return set(root, 0);
}
