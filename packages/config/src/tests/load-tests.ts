import { type TestFields, testsSchema } from '../benthos/schema/tests.ts';
import type { Environment } from '../environment/env-vars.ts';
import { bloblangChecker } from '../schema/bloblang-checker.ts';
import { checkBloblang } from '../schema/check-bloblang.ts';
import { readSection } from '../schema/read-section.ts';
import { type ConfigNode, isNullText, type ListNode, type MapEntry, MapNode } from '../yaml/node.ts';
import { plainValue } from '../yaml/plain-value.ts';
import type { ProcessorTest, TestCondition, TestMessage } from './processor-test.ts';
import { type Read, readRoot } from './read-root.ts';

/** The `tests` of a file; what is wrong with them is reported as `lint` does. */
export const loadTests = (path: string, env: Environment): Promise<Read<readonly ProcessorTest[]>> =>
  readRoot(path, env, (root, log) => {
    const node = root?.get('tests');
    if (!node) return [];
    const { value = [], leaves } = readSection(testsSchema, node, 'tests', log);
    checkBloblang(
      leaves.filter(({ meta }) => meta['format'] !== undefined),
      bloblangChecker,
      log,
    );
    return value.map((fields, index) => testOf(fields, (node as ListNode).items[index]!));
  });

function testOf(fields: TestFields, node: ConfigNode): ProcessorTest {
  const { input_batch: batch, input_batches: batches = [], output_batches: output = [] } = fields;
  const mocks = node instanceof MapNode ? node.get('mocks') : undefined;
  return {
    name: fields.name,
    position: node.position,
    environment: fields.environment ?? {},
    processors: fields.target_processors,
    mapping: fields.target_mapping,
    mocks: mocks instanceof MapNode ? mocks.entries : NO_MOCKS,
    input: [...(batch ? [batch] : []), ...batches].map((messages) => messages.map(messageOf)),
    output: output.map((conditions) => conditions.map(conditionsOf)),
  };
}

const NO_MOCKS: readonly MapEntry[] = [];

type MessageFields = NonNullable<TestFields['input_batch']>[number];

const messageOf = ({ content, file_content: file, json_content: json, metadata = {} }: MessageFields): TestMessage => ({
  content: content ?? '',
  file,
  json: json === undefined ? undefined : { document: plainValue(json as ConfigNode) },
  metadata: plainFields(metadata),
});

type ConditionFields = NonNullable<TestFields['output_batches']>[number][number];

const conditionsOf = (fields: ConditionFields): TestCondition[] =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ name, expected: expectedBy(name, value) }));

function expectedBy(name: string, value: unknown): unknown {
  if (name === 'bloblang') return (value as { readonly source: string }).source;
  if (name === 'metadata_equals') return plainFields(value as Readonly<Record<string, unknown>>);
  return typeof value === 'string' ? value : documentOf(value as ConfigNode);
}

/** A text in the place of a document holds it as JSON. */
function documentOf(node: ConfigNode): unknown {
  if (node.kind !== 'scalar' || isNullText(node)) return plainValue(node);
  try {
    return JSON.parse(node.text) as unknown;
  } catch {
    return plainValue(node);
  }
}

const plainFields = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).map(([name, node]) => [name, plainValue(node as ConfigNode)]));
