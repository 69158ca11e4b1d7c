import { readFileSync } from 'node:fs';
import type { Environment } from '../environment/env-vars.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { type AnySchema, shapeOf, unwrap } from '../schema/schema-tree.ts';
import { didYouMean } from '../schema/suggest.ts';
import { SourceFile, sliceOf } from '../source/source-file.ts';
import { type ConfigNode, ListNode, MapNode, ScalarNode } from '../yaml/node.ts';
import { settingsSchema } from './schema.ts';

/** One setting that the environment may give. */
export interface EnvSetting {
  readonly variable: string;
  /** Fields below `sluice`. */
  readonly path: readonly string[];
  readonly isList: boolean;
  /** A text stays one, whatever it looks like. */
  readonly isText: boolean;
}

/** `sluice.redis.url` is `SLUICE_REDIS_URL`, and so on for every setting but those of single egresses. */
export const envSettings: readonly EnvSetting[] = settingsBelow(settingsSchema, []);

function settingsBelow(schema: AnySchema, path: readonly string[]): EnvSetting[] {
  const { core, meta } = unwrap(schema);
  const shape = shapeOf(core);
  if (shape.kind === 'object') return ownVariables(shape.fields).flatMap(([name, field]) => settingsBelow(field, [...path, name]));
  if (shape.kind !== 'leaf' && shape.kind !== 'list') return [];
  return [{ variable: `SLUICE_${path.join('_').toUpperCase()}`, path, isList: shape.kind === 'list', isText: meta['type'] === 'string' }];
}

/** `NAME_FILE` of any setting names a file with its value, so that a setting which does the same has no variable of its own. */
function ownVariables(fields: Readonly<Record<string, AnySchema>>): Array<[string, AnySchema]> {
  return Object.entries(fields).filter(([name]) => !(name.endsWith('_file') && Object.hasOwn(fields, name.slice(0, -'_file'.length))));
}

/** Names that others gave to our settings; ours wins, then the first that is set. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  SLUICE_REDIS_URL: ['REDIS_URL'],
  SLUICE_METRICS_OTLP_ENDPOINT: ['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  SLUICE_TRACING_ENDPOINT: ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  SLUICE_TRACING_RATIO: ['OTEL_TRACES_SAMPLER_ARG'],
};

/** How OpenTelemetry's own variables switch a part off: the names above then count as not set. */
const isSwitchedOff = (variable: string, env: Environment): boolean => {
  const exporter = { SLUICE_METRICS_OTLP_ENDPOINT: 'OTEL_METRICS_EXPORTER', SLUICE_TRACING_ENDPOINT: 'OTEL_TRACES_EXPORTER' }[variable];
  if (exporter !== undefined) return env['OTEL_SDK_DISABLED'] === 'true' || env[exporter] === 'none';
  return variable === 'SLUICE_TRACING_RATIO' && !env['OTEL_TRACES_SAMPLER']?.endsWith('traceidratio');
};

/** Variables that other parts of Sluice read. */
const FOREIGN = /^SLUICE_(?:TEST|BENCH|E2E|UP)(?:_|$)/;

/**
 * What the environment says below `sluice`, each value placed at the variable it came from. `NAME_FILE` names a file that
 * holds the value; a line break at its end is not part of it.
 */
export function settingsFromEnv(env: Environment, log: ProblemLog): { node: MapNode | undefined; files: SourceFile[] } {
  const files: SourceFile[] = [];
  let node: MapNode | undefined;
  for (const { variable, path, isList, isText } of envSettings) {
    const names = [variable, ...(isSwitchedOff(variable, env) ? [] : (ALIASES[variable] ?? []))];
    const found = names.map((name) => readVariable(name, env, log)).find((file) => file !== undefined);
    if (!found) continue;
    files.push(found);
    node = put(
      node,
      path,
      isList ? listOf(found) : new ScalarNode(sliceOf(found, 0, found.text.length), 0, found.text, isText ? 'quoted' : 'plain'),
      found,
    );
  }
  warnAboutUnknown(env, log);
  return { node, files };
}

function readVariable(name: string, env: Environment, log: ProblemLog): SourceFile | undefined {
  const value = env[name];
  const path = env[`${name}_FILE`];
  const position = { file: `$${name}_FILE`, line: 1, column: 1 };
  if (!path) return value === undefined || value === '' ? undefined : new SourceFile(`$${name}`, value);
  if (value) log.error('env.invalid', position, `both ${name} and ${name}_FILE are set; unset one`);
  try {
    return new SourceFile(`$${name}_FILE`, readFileSync(path, 'utf8').replace(/\r?\n$/, ''));
  } catch (cause) {
    log.error(
      'file.unreadable',
      position,
      `the file \`${path}\` that ${name}_FILE names cannot be read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}`,
    );
    return undefined;
  }
}

function listOf(file: SourceFile): ListNode {
  const source = sliceOf(file, 0, file.text.length);
  const items = [...file.text.matchAll(/[^,\s]+/g)].map((match) => new ScalarNode(source, match.index, match[0], 'plain'));
  return new ListNode(source, 0, items);
}

function put(node: MapNode | undefined, [name, ...rest]: readonly string[], value: ConfigNode, file: SourceFile): MapNode {
  const origin = sliceOf(file, 0, file.text.length);
  const before = node?.get(name!);
  const child = rest.length === 0 ? value : put(before instanceof MapNode ? before : undefined, rest, value, file);
  const others = node?.entries.filter(({ key }) => key.text !== name) ?? [];
  return new MapNode(node?.origin ?? origin, node?.offset ?? 0, [
    ...others,
    { key: new ScalarNode(origin, 0, name!, 'plain'), value: child },
  ]);
}

function warnAboutUnknown(env: Environment, log: ProblemLog): void {
  const known = new Set(envSettings.flatMap(({ variable }) => [variable, `${variable}_FILE`]));
  for (const name of Object.keys(env)) {
    if (!name.startsWith('SLUICE_') || known.has(name) || FOREIGN.test(name)) continue;
    log.warn('field.unknown', { file: `$${name}`, line: 1, column: 1 }, `is no setting of Sluice${didYouMean(name, known)}`);
  }
}
