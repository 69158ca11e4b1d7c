/**
 * The document that a body builds. An assigned value belongs to somebody else (the message, a variable, a constant of the mapping),
 * so the document must not write into it. There are two ways to see to that:
 *
 * - *share*: values are linked in as they are, and a container is copied when something below it is first written;
 * - *copy*: values are copied as they are assigned. Needed where others can see the document while it is built: a mutation, or a
 *   body that reads `root`. There a write must show, or not show, just as if everything had been copied at once.
 */
import { clone, DELETED, isObject, NOTHING, type Path, setKey, type Value, type ValueObject } from '@sluice/values';
import type { Context, Frame } from '../query/context.ts';
import { assignPath, removePath } from './assignment.ts';

/** Makes a value the document. */
export function replaceRoot(frame: Frame, value: Value, copies: boolean): void {
  frame.draft = undefined;
  frame.root = copies || frame.isShared ? clone(value) : value;
}

/** Makes the document the message as it came in, to be edited without being parsed. `false` where `this` is not that, or cannot be. */
export function startDraft(context: Context): boolean {
  const { frame } = context;
  if (frame.depth > 0 || frame.isShared) return false;
  const draft = context.draft();
  if (draft !== undefined) frame.draft = draft;
  return draft !== undefined;
}

/** Makes the document a value where it was the message with edits. */
export function settleDraft(frame: Frame): void {
  const { draft } = frame;
  if (draft === undefined) return;
  frame.draft = undefined;
  frame.root = draft.original();
  for (const { path, value } of draft.edits) writeField(frame, path, value, false);
}

/** Writes a field of the document, or with `deleted()` removes it. Throws `BloblangError` if the path leads through a value without fields. */
export function writeField(frame: Frame, path: Path, value: Value, copies: boolean): void {
  if (frame.draft?.edit(path, value)) return;
  settleDraft(frame);
  if (frame.root === NOTHING || frame.root === null || frame.root === undefined) {
    frame.root = {};
    frame.ownRoot = frame.root;
  }
  const isCopying = copies || frame.isShared;
  const [key] = path;
  if (!isCopying && path.length === 1 && frame.root === frame.ownRoot && value !== DELETED && !Array.isArray(frame.root)) {
    setKey(frame.ownRoot as ValueObject, key!, value);
    return;
  }
  const root = isCopying ? frame.root : ownPath(frame, frame.root, path);
  frame.root = root;
  if (value === DELETED) removePath(root, path);
  else frame.root = assignPath(root, path, isCopying ? clone(value) : value);
}

type Container = Value & object;

/** The document with every container that the path leads through being its own, copied if it was not. */
function ownPath(frame: Frame, root: Value, path: Path): Value {
  if (!isContainer(root)) return root;
  if (root !== frame.ownRoot) frame.ownRoot = shallowCopy(root);
  const own = frame.ownRoot as Container;
  if (path.length > 1) ownBelow(frame, own, path);
  return own;
}

function ownBelow(frame: Frame, root: Container, path: Path): void {
  frame.own ??= new Set();
  let parent = root as Record<string, Value>;
  for (const segment of path.slice(0, -1)) {
    if (!Object.hasOwn(parent, segment)) return;
    const child = parent[segment]!;
    if (!isContainer(child)) return;
    if (!frame.own.has(child)) {
      const copy = shallowCopy(child);
      frame.own.add(copy);
      Object.defineProperty(parent, segment, { value: copy, enumerable: true, configurable: true, writable: true });
    }
    parent = parent[segment] as unknown as Record<string, Value>;
  }
}

const isContainer = (value: Value): value is Container => Array.isArray(value) || isObject(value);

const shallowCopy = (container: Container): Container => (Array.isArray(container) ? container.slice() : { ...container }) as Container;
