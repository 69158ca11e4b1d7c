import { globSync, readFileSync, statSync } from 'node:fs';
import { type Grok, grokCompiler } from '@sluice/codecs';
import { BloblangError, PathCollisionError, parsePath, setPath, type Value } from '@sluice/values';
import { replaceDocument } from './document.ts';
import { ProcessorConfigError } from './errors.ts';
import { attempt, ContentError, isFailure } from './failure.ts';
import type { Processor, ProcessorSettings } from './processor.ts';

interface GrokOptions {
  readonly expressions: readonly string[];
  readonly pattern_definitions: Readonly<Record<string, string>>;
  readonly pattern_paths: readonly string[];
  readonly named_captures_only: boolean;
  readonly use_default_patterns: boolean;
  readonly remove_empty_values: boolean;
}

/** `grok`: a document of what the first expression finds that finds something. A message in which none does is flagged. */
export function grok(settings: ProcessorSettings): Processor {
  const expressions = compileExpressions(settings);
  return replaceDocument(settings, ({ content }) => {
    const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString();
    for (const expression of expressions) {
      // A value that is not of its type counts as not found.
      const values = attempt(() => expression(text));
      if (values !== undefined && !isFailure(values) && values.size > 0) return documentOf(values);
    }
    throw new ContentError('no pattern matches found');
  });
}

function compileExpressions({ options, position, path }: ProcessorSettings): readonly Grok[] {
  const { expressions, pattern_paths: paths, ...rest } = options as unknown as GrokOptions;
  const refuse = (reason: string, cause: unknown): never => {
    throw new ProcessorConfigError(position, path, `${reason}: ${(cause as Error).message}`, cause);
  };
  const compiled = <T>(what: string, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof BloblangError) return refuse(what, error);
      throw error;
    }
  };
  const patterns: Record<string, string> = { ...rest.pattern_definitions };
  for (const each of paths) {
    try {
      Object.assign(patterns, patternsIn(each));
    } catch (error) {
      refuse(`failed to parse patterns from path '${each}'`, error);
    }
  }
  const compile = compiled('failed to create grok compiler', () =>
    grokCompiler({
      patterns,
      useDefaults: rest.use_default_patterns,
      namedOnly: rest.named_captures_only,
      removeEmpty: rest.remove_empty_values,
    }),
  );
  return expressions.map((expression) => compiled(`failed to compile Grok pattern '${expression}'`, () => compile(expression)));
}

/** Lines of a name, a space and a pattern, in a file or in all files of a folder. */
function patternsIn(path: string): Record<string, string> {
  const files = globSync(statSync(path).isDirectory() ? `${path}/*` : path);
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split(/\r?\n/)).filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(' ');
      if (at < 0) throw new Error(`expected a name, a space and a pattern, found \`${line}\``);
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

/** A dot in a field's name makes objects in objects; what stands in the way of another is left out. */
function documentOf(values: ReadonlyMap<string, Value>): Value {
  const document: Value = {};
  for (const [field, value] of values) {
    const collision = attempt(() => setPath(document, parsePath(field), value));
    if (isFailure(collision) && !(collision instanceof PathCollisionError)) throw collision;
  }
  return document;
}
