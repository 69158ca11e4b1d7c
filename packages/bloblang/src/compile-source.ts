import { documentPaths } from './compile/document-paths.ts';
import { ExpressionBuilder } from './compile/expression-builder.ts';
import { ExpressionCompiler } from './compile/expression-compiler.ts';
import { compileProgram } from './compile/statements.ts';
import { Interpolation } from './execute/interpolation.ts';
import { Mapping } from './execute/mapping.ts';
import type { Environment } from './registry/environment.ts';
import type { Importer } from './syntax/importer.ts';
import { parseProgram } from './syntax/mapping-parser.ts';
import { BloblangParseError } from './syntax/parse-error.ts';
import { parseTemplate } from './syntax/template-parser.ts';

/**
 * Compiles a mapping that may call what is in `environment`; `importer` reads for `import` and `from`. Throws `BloblangParseError`.
 */
export function compileMapping(source: string, environment: Environment, importer: Importer): Mapping {
  const compiler = new ExpressionCompiler(environment);
  return withinStack(source, () => {
    const program = parseProgram(source, new ExpressionBuilder(compiler), importer);
    return new Mapping(compileProgram(program, compiler), documentPaths(program));
  });
}

/** Compiles a string with `${! query }` in it. Throws `BloblangParseError`. */
export function compileInterpolation(source: string, environment: Environment): Interpolation {
  const compiler = new ExpressionCompiler(environment);
  return withinStack(source, () => new Interpolation(parseTemplate(source, new ExpressionBuilder(compiler)), compiler));
}

/** The parser bounds nesting, but its caller may have used most of the stack already. */
function withinStack<T>(source: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BloblangParseError(source, 0, 'nesting exceeds what the stack holds');
  }
}
