import {
  BloblangParseError,
  compileMapping,
  defineMethod,
  type Environment,
  type Mapping,
  type MethodDefinition,
  noImports,
} from '@sluice/bloblang';
import { BloblangError } from '@sluice/values';

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
      const mapping = compile(text, environment);
      return (context) => mapping.evaluate(target.evaluate(context));
    },
  });

function compile(text: string, environment: Environment): Mapping {
  try {
    return compileMapping(text, environment, noImports);
  } catch (error) {
    if (error instanceof BloblangParseError) throw new BloblangError(error.reasonWithFound);
    throw error;
  }
}
