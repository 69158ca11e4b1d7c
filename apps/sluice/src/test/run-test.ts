/** One test: batches through its processors, and what is wrong with what comes out. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Message } from '@sluice/bloblang';
import { loadConfig, loadTestedProcessors, type ProcessorTest, type TestMessage } from '@sluice/config';
import { type Logger, systemClock } from '@sluice/core';
import { glueClients } from '@sluice/glue';
import { httpClients } from '@sluice/http-client';
import { compileProcessors } from '@sluice/processors';
import { openPrograms } from '@sluice/programs';
import { createResources } from '@sluice/resources';
import { type Check, type CheckContext, compileCondition } from './check-condition.ts';
import { TestSetUpError } from './errors.ts';
import type { TestTarget } from './find-targets.ts';
import type { DifferenceStyle } from './json-difference.ts';

export interface TestOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Files, or globs of them, with templates of components. */
  readonly templates: readonly string[];
  readonly logger: Logger;
  readonly style: DifferenceStyle;
}

interface ConditionCheck {
  readonly name: string;
  readonly check: Check;
}

/**
 * Why the test fails, nothing where it passes.
 * @throws {TestSetUpError} it cannot be run
 */
export async function runTest(test: ProcessorTest, target: TestTarget, { env, templates, logger, style }: TestOptions): Promise<string[]> {
  const folder = dirname(target.tests);
  const setUp = <T>(what: () => T): Promise<T> => attempt(target.config, test.name, what);
  const { processors, resources: settings, refusesFailed } = await setUp(() => processorsOf(test, target, folder, { env, templates }));
  const resources = createResources(settings, { clock: systemClock });
  const http = httpClients(systemClock);
  const glue = glueClients({ env, clock: systemClock, logger });
  const { settings: ours } = (await loadConfig({ files: [], env })).config;
  const programs = openPrograms(ours.commands, { clock: systemClock, logger });
  const ports = { logger, clock: systemClock, resources, openHttp: http.open, openGlue: glue.open, programs };
  const chain = await setUp(() => compileProcessors(processors, { ...ports, refusesFailed }));
  const input = await setUp(() => Promise.all(test.input.map((batch) => Promise.all(batch.map((message) => messageOf(message, folder))))));
  const expected = await setUp(() => test.output.map((batch) => batch.map((conditions) => checksOf(conditions, { folder, style }))));
  const output: (readonly Message[])[] = [];
  try {
    for (const batch of input.filter(({ length }) => length > 0))
      for (const processed of await chain.batches(batch)) output.push(processed.map(({ message }) => message));
  } finally {
    resources.close();
    await http.close();
    await glue.close();
    await programs.close();
  }
  return failuresOf(output, expected);
}

async function attempt<T>(file: string, name: string, what: () => T): Promise<Awaited<T>> {
  try {
    return await what();
  } catch (cause) {
    if (cause instanceof TestSetUpError) throw cause;
    throw new TestSetUpError(file, `test \`${name}\`: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

async function processorsOf(
  test: ProcessorTest,
  { config }: TestTarget,
  folder: string,
  { env, templates }: Pick<TestOptions, 'env' | 'templates'>,
) {
  if (test.mapping !== '') return { processors: [mappingOf(await readFile(join(folder, test.mapping), 'utf8'), test)], ...WITHOUT_FILE };
  const { value, problems } = await loadTestedProcessors(test, config, folder, env, templates);
  const error = problems.find(({ severity }) => severity === 'error');
  if (error) throw new Error(`${error.file}(${error.line},${error.column}) ${error.message}`);
  return value;
}

const WITHOUT_FILE = { resources: { caches: [], rateLimits: [] }, refusesFailed: false };

const mappingOf = (source: string, { mapping, position }: ProcessorTest) => ({
  ...{ type: 'mapping', label: undefined, path: 'root.target_mapping', position },
  options: { mapping: { source, position: { file: mapping, line: 1, column: 1 } } },
});

async function messageOf({ content, file, json, metadata }: TestMessage, folder: string): Promise<Message> {
  if (json) return { content: Buffer.from(JSON.stringify(json.document)), metadata };
  return { content: file === undefined ? Buffer.from(content) : await readFile(join(folder, file)), metadata };
}

const checksOf = (conditions: ProcessorTest['output'][number][number], context: CheckContext): ConditionCheck[] =>
  conditions.map((condition) => ({ name: condition.name, check: compileCondition(condition, context) }));

type Expected = readonly (readonly (readonly ConditionCheck[])[])[];

function failuresOf(output: readonly (readonly Message[])[], expected: Expected): string[] {
  const failures: string[] = [];
  if (output.length < expected.length) failures.push(`wrong batch count, expected ${expected.length}, got ${output.length}`);
  for (const [index, batch] of output.entries()) {
    const wanted = expected[index];
    if (!wanted) failures.push(`unexpected batch: [${batch.map(textOf).join(' ')}]`);
    else failures.push(...failuresWithin(batch, wanted, index));
  }
  return failures;
}

function failuresWithin(batch: readonly Message[], wanted: Expected[number], at: number): string[] {
  const failures =
    batch.length === wanted.length ? [] : [`mismatch of output batch ${at} message counts, expected ${wanted.length}, got ${batch.length}`];
  for (const [index, message] of batch.entries()) {
    const checks = wanted[index];
    if (!checks) {
      failures.push(`unexpected message from batch ${at}: ${textOf(message)}`);
      continue;
    }
    for (const { name, check } of checks) {
      const reason = check(batch, index);
      if (reason === undefined) continue;
      failures.push(`batch ${at} message ${index}: ${name}: ${reason}`);
      break;
    }
  }
  return failures;
}

const textOf = ({ content }: Message): string => Buffer.from(content).toString();
