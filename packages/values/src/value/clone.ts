import { checkElements } from '../limits.ts';
import { isObject, setKey, type Value, type ValueObject } from './kinds.ts';

/**
 * A copy that shares no array and no object with the original. Throws BloblangError if it would have more nodes than a mapping may
 * make, since a value that holds itself twice doubles with every copy.
 */
export function clone(value: Value): Value {
  if (!isContainer(value)) return value;
  const budget: Budget = { nodes: 0 };
  const copied = shallowCopy(value, budget);
  // Copies whose children are still those of the original: our own stack, because documents nest deeper than calls can.
  const open = [copied];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    if (Array.isArray(parent)) {
      for (let index = 0; index < parent.length; index++) {
        const child = parent[index]!;
        if (!isContainer(child)) continue;
        const copy = shallowCopy(child, budget);
        parent[index] = copy;
        open.push(copy);
      }
    } else {
      for (const key of Object.keys(parent)) {
        const child = parent[key]!;
        if (!isContainer(child)) continue;
        const copy = shallowCopy(child, budget);
        setKey(parent, key, copy);
        open.push(copy);
      }
    }
  }
  return copied;
}

interface Budget {
  nodes: number;
}

type Container = Value[] | ValueObject;

const isContainer = (value: Value): value is Container =>
  typeof value === 'object' && value !== null && (Array.isArray(value) || isObject(value));

function shallowCopy(container: Container, budget: Budget): Container {
  if (Array.isArray(container)) {
    spend(budget, container.length);
    return container.slice();
  }
  const copied = { ...container };
  spend(budget, Object.keys(copied).length);
  return copied;
}

function spend(budget: Budget, nodes: number): void {
  budget.nodes += nodes + 1;
  checkElements(budget.nodes);
}
