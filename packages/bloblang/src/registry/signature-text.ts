import { encodeJson } from '@sluice/values';
import type { Parameter, Signature } from './parameters.ts';

/**
 * How a function or method is called, as reference pages and completions show it; what may be left out stands in brackets:
 *
 *     replace_all(old: string, new: string)
 *     parse_csv([parse_header_row: bool = true], [delimiter: string = ","])
 */
export function signatureText({ name, parameters, isVariadic }: Signature & { readonly name: string }): string {
  return `${name}(${isVariadic ? '...' : parameters.map(parameterText).join(', ')})`;
}

function parameterText(parameter: Parameter): string {
  const text = `${parameter.name}: ${parameter.type}`;
  if (parameter.default !== undefined) return `[${text} = ${encodeJson(parameter.default)}]`;
  return parameter.optional ? `[${text}]` : text;
}
