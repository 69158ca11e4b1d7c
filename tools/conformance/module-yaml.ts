/**
 * Runs module.yaml cases against our loader:
 *
 *     node tools/conformance/module-yaml.ts FILE.jsonl…
 *
 * A line is `{case, ok, yaml, error | ingresses | egresses | endpoints}`. Accepted or rejected must be as there; of an accepted
 * module the ids, streams, routing, connector properties and endpoints too. The last line is `N passed, N failed`.
 */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { expectedView, type ModuleCase, type ModuleView, runModuleCase } from './module-yaml-case.ts';

let passed = 0;
let failed = 0;

for (const file of process.argv.slice(2)) {
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.trim() !== '') report(JSON.parse(line) as ModuleCase);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

function report(testCase: ModuleCase): void {
  const expected = expectedView(testCase);
  const actual = runModuleCase(testCase);
  if (matches(expected, actual)) {
    passed++;
    return;
  }
  failed++;
  console.log(`FAIL ${testCase.case}`);
  console.log(`  expected ${JSON.stringify(expected)}`);
  console.log(`  actual   ${JSON.stringify(actual)}`);
}

function matches(expected: ModuleView, actual: ModuleView): boolean {
  if (expected.ok !== actual.ok) return false;
  if (!expected.ok) return true;
  return (
    (!expected.failsLater || actual.failsLater === true) &&
    sameParts(expected.ingresses, actual.ingresses, ({ id }) => id) &&
    sameParts(expected.egresses, actual.egresses, ({ id }) => id) &&
    sameParts(expected.endpoints, actual.endpoints, ({ functions }) => functions)
  );
}

/** Compares in the order of the keys, and only the facts that the case tells: none of a connector that failed. */
function sameParts<T extends object>(expected: readonly T[] = [], actual: readonly T[] = [], keyOf: (part: T) => string): boolean {
  const order = (parts: readonly T[]) => parts.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)));
  const ours = order(actual);
  return (
    expected.length === actual.length &&
    order(expected).every((part, index) => {
      const told = Object.entries(part).filter(([name]) => name !== 'connectorError' && name !== 'transportError');
      return told.every(([name, value]) => isDeepStrictEqual(normal(value), normal((ours[index] as Record<string, unknown>)[name])));
    })
  );
}

/** Streams have no order. */
function normal(value: unknown): unknown {
  return Array.isArray(value) ? value.toSorted() : value;
}
