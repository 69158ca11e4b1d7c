import { type Definition, type Environment, type Example, type MethodDefinition, signatureText } from '@sluice/bloblang';
import { defaultEnvironment } from '@sluice/bloblang-library';
import { namesLike } from '@sluice/config';

interface Entry {
  readonly definition: Definition;
  /** As it is called: `.uppercase()` for a method. */
  readonly signature: string;
}

const isShown = ({ status }: Definition): boolean => status !== 'hidden';

function entriesOf({ functions, methods }: Environment): Entry[] {
  return [
    ...[...functions.values()].map((definition) => ({ definition, signature: signatureText(definition) })),
    ...[...methods.values()].map((definition) => ({ definition, signature: `.${signatureText(definition)}` })),
  ];
}

/** Every function and method in a line of its own, by category. */
export function libraryOverview(environment: Environment = defaultEnvironment): string {
  const entries = entriesOf(environment).filter(({ definition }) => isShown(definition));
  const categories = [...new Set(entries.map(({ definition }) => definition.category))].sort();
  const sections = categories.map((category) => {
    const lines = entries
      .filter(({ definition }) => definition.category === category)
      .sort((a, b) => a.signature.localeCompare(b.signature))
      .map(({ definition, signature }) => `  ${signature}\n      ${firstSentence(definition.description)}`);
    return `${category}\n${lines.join('\n')}`;
  });
  return `${sections.join('\n\n')}\n`;
}

/** All pages, one after the other. */
export const wholeLibrary = (environment: Environment = defaultEnvironment): string =>
  entriesOf(environment)
    .filter(({ definition }) => isShown(definition))
    .map(pageOf)
    .join('\n');

/** What is known of a name: signature, description, parameters and examples. `undefined` if nothing has it. */
export function libraryPage(name: string, environment: Environment = defaultEnvironment): string | undefined {
  const pages = entriesOf(environment)
    .filter(({ definition }) => definition.name === bareName(name))
    .map(pageOf);
  return pages.length === 0 ? undefined : pages.join('\n');
}

/** Names like one that nothing has, methods with their point. */
export function suggestionsFor(name: string, environment: Environment = defaultEnvironment): string[] {
  const shown = entriesOf(environment).filter(({ definition }) => isShown(definition));
  const near = namesLike(bareName(name), new Set(shown.map(({ definition }) => definition.name)));
  return near.map((candidate) => (environment.functions.has(candidate) ? `${candidate}()` : `.${candidate}()`));
}

/** People write `.uppercase` and `now()` as well. */
const bareName = (name: string): string => name.trim().replace(/^\./, '').replace(/\(.*$/, '');

function pageOf({ definition, signature }: Entry): string {
  const { category, status, description, parameters, examples } = definition;
  const marks = [category, ...(status === 'stable' ? [] : [status])].join(', ');
  const lines = [`${signature}   [${marks}]`, '', ...indentedLines(description, '  ')];
  const receiver = (definition as MethodDefinition).receiver as string | undefined;
  if (receiver !== undefined && receiver !== 'any') lines.push('', `  Called on: ${receiver}`);
  if (parameters.length > 0) {
    const width = Math.max(...parameters.map(({ name }) => name.length));
    lines.push('', '  Parameters:', ...parameters.map(({ name, description: text }) => `    ${name.padEnd(width)}  ${text}`));
  }
  for (const example of examples) lines.push('', ...exampleLines(example));
  return `${lines.join('\n')}\n`;
}

function exampleLines({ summary, mapping, input, output, error, isDropped }: Example): string[] {
  const shown = (value: NonNullable<Example['input']>): string => (typeof value === 'string' ? value : JSON.stringify(value));
  const lines = [summary === undefined ? '  Example:' : `  Example: ${summary}`, ...indentedLines(mapping, '    ')];
  if (input !== undefined && input !== null) lines.push(`    # In:  ${shown(input)}`);
  if (output !== undefined && output !== null) lines.push(`    # Out: ${shown(output)}`);
  if (error !== undefined) lines.push(`    # Fails: ${error}`);
  if (isDropped === true) lines.push('    # The message is dropped.');
  return lines;
}

const indentedLines = (text: string, indent: string): string[] => text.split('\n').map((line) => `${indent}${line}`.trimEnd());

const firstSentence = (text: string): string => /^.*?[.:](?=\s|$)/s.exec(text)?.[0].replace(/\s+/g, ' ') ?? text;
