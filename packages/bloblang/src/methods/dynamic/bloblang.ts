import { ExpressionBuilder } from '../../compile/expression-builder.ts';
import { type CompiledProgram, compileProgram } from '../../compile/statements.ts';
import { evaluateProgram } from '../../execute/evaluate-program.ts';
import { defineMethod, type MethodDefinition } from '../../registry/define-method.ts';
import type { Environment } from '../../registry/environment.ts';
import { noImports } from '../../syntax/importer.ts';
import { parseProgram } from '../../syntax/mapping-parser.ts';
import { BloblangParseError } from '../../syntax/parse-error.ts';
import { BloblangError } from '../../value/errors.ts';

/** The method `bloblang`, whose mappings come with the data and may call no more than `environment` holds. */
export const bloblangMethod = (environment: Environment): MethodDefinition =>
  defineMethod('bloblang', {
    category: 'Parsing',
    status: 'beta',
    description:
      'Runs a mapping given as text on the target, which is its `this`. Such a mapping sees nothing else: not the message, not the ' +
      'environment, no files and no imports, and it cannot run further mappings.',
    parameters: [{ name: 'mapping', type: 'string', description: 'The mapping to run.' }],
    examples: [
      {
        mapping: 'root.v = this.v.bloblang(this.rule)',
        input: { v: { n: 2 }, rule: 'root.double = this.n * 2' },
        output: { v: { double: 4 } },
      },
      {
        summary: 'A mapping that does not parse is an error like any other.',
        mapping: 'root = this.v.bloblang(this.rule).catch(err -> err)',
        input: { v: 1, rule: 'root = content()' },
        output: "unrecognised function 'content'",
      },
    ],
    bind: (target, [text]) => {
      const program = parse(text, environment);
      return (context) => evaluateProgram(program, target.evaluate(context));
    },
  });

function parse(text: string, environment: Environment): CompiledProgram {
  try {
    return compileProgram(parseProgram(text, new ExpressionBuilder(environment), noImports));
  } catch (error) {
    if (error instanceof BloblangParseError) throw new BloblangError(error.reasonWithFound);
    throw error;
  }
}
