import type { Branch } from './branch.ts';
import { ProcessorConfigError } from './errors.ts';
import type { ProcessorSettings } from './processor.ts';

type Tiers = ReadonlyArray<readonly string[]>;

/**
 * The branches of a workflow in the order in which they run: as it is configured, else each after those that write what it reads.
 * @throws {ProcessorConfigError} the order leaves a branch out, names one twice or one that there is not, or there is none
 */
export function tiersOf(branches: ReadonlyMap<string, Branch>, order: Tiers, { position, path }: ProcessorSettings): Tiers {
  const fail = (reason: string): never => {
    throw new ProcessorConfigError(position, path, reason);
  };
  for (const name of branches.keys()) {
    if (!/^[a-zA-Z0-9_-]+$/.test(name)) fail(`workflow branch name '${name}' contains invalid characters`);
  }
  if (order.length === 0) return inferred(branches) ?? fail('the branches need each other in a circle; name the `order`');
  const named = order.flat();
  const unknown = named.find((name) => !branches.has(name));
  if (unknown !== undefined) fail(`processor resource '${unknown}' was not found`);
  const twice = named.find((name, index) => named.indexOf(name) !== index);
  if (twice !== undefined) fail(`branch specified in order listed multiple times: ${twice}`);
  const missing = [...branches.keys()].filter((name) => !named.includes(name));
  if (missing.length > 0) fail(`the following branches were missing from order: [${missing.join(' ')}]`);
  return order;
}

/** `undefined` where branches need each other. */
function inferred(branches: ReadonlyMap<string, Branch>): Tiers | undefined {
  const tiers: string[][] = [];
  let left = [...branches.keys()].sort();
  while (left.length > 0) {
    const next = left.filter((name) => !left.some((other) => other !== name && needs(branches.get(name)!, branches.get(other)!)));
    if (next.length === 0) return undefined;
    tiers.push(next);
    left = left.filter((name) => !next.includes(name));
  }
  return tiers;
}

/** Whether a branch reads what another one writes, or a part of it. */
const needs = (reader: Branch, writer: Branch): boolean =>
  (reader.requestMap?.paths.reads ?? []).some((read) =>
    (writer.resultMap?.paths.writes ?? []).some((written) => written.every((segment, depth) => read[depth] === segment)),
  );
