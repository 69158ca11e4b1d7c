import {
  BloblangError,
  deletePath,
  formatPath,
  getPath,
  isObject,
  type Path,
  PathCollisionError,
  setPath,
  typeName,
  type Value,
} from '@sluice/values';

/** Sets a field of a document and returns the document. Throws `BloblangError` if the path leads through a value without fields. */
export function assignPath(root: Value, path: Path, value: Value): Value {
  try {
    return setPath(root, path, value);
  } catch (error) {
    const target = `unable to set target path ${formatPath(path)}`;
    if (!(error instanceof PathCollisionError)) throw new BloblangError(`${target}: ${(error as Error).message}`);
    const { place, type } = obstacle(root, path);
    throw new BloblangError(`${target} as the value of ${place} was a non-object type (${type})`);
  }
}

/** Removes a field of a document; one that is not there is no failure. */
export const removePath = (root: Value, path: Path): void => void deletePath(root, path);

/** The first value on the path that is not an object. */
function obstacle(root: Value, path: Path): { place: string; type: string } {
  if (!isObject(root)) return { place: 'the root', type: typeName(root) };
  let length = 1;
  while (length < path.length && isObject(getPath(root, path.slice(0, length)))) length++;
  const culprit = path.slice(0, length);
  return { place: formatPath(culprit), type: typeName(getPath(root, culprit)) };
}
