import { ExpressionBuilder } from './compile/expression-builder.ts';
import { compileProgram } from './compile/statements.ts';
import { Interpolation } from './execute/interpolation.ts';
import { Mapping } from './execute/mapping.ts';
import { defaultEnvironment } from './registry/catalogue.ts';
import type { Environment } from './registry/environment.ts';
import { fileImporter, type Importer } from './syntax/importer.ts';
import { parseProgram } from './syntax/mapping-parser.ts';
import { BloblangParseError } from './syntax/parse-error.ts';
import { parseTemplate } from './syntax/template-parser.ts';

export interface ParseOptions {
  /** The functions and methods that may be called. @default all of them */
  readonly environment?: Environment;
  /** Where `import` and `from` read. @default files relative to the working directory */
  readonly importer?: Importer;
}

/** Compiles a mapping. Throws `BloblangParseError`. */
export function parseMapping(source: string, { environment = defaultEnvironment, importer }: ParseOptions = {}): Mapping {
  return withinStack(source, () => {
    const program = parseProgram(source, new ExpressionBuilder(environment), importer ?? fileImporter(process.cwd()));
    return new Mapping(compileProgram(program));
  });
}

/** Compiles a string with `${! query }` in it. Throws `BloblangParseError`. */
export function parseInterpolation(
  source: string,
  { environment = defaultEnvironment }: Pick<ParseOptions, 'environment'> = {},
): Interpolation {
  return withinStack(source, () => new Interpolation(parseTemplate(source, new ExpressionBuilder(environment))));
}

/** The parser bounds nesting, but whoever calls may have used most of the stack already. */
function withinStack<T>(source: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BloblangParseError(source, 0, 'nesting exceeds what the stack holds');
  }
}
