import type { ScalarNode } from './node.ts';

/** A scalar as Jackson's YAML reader resolves it, which is what a module.yaml means by it. `text` is `JsonNode.asText()`. */
export interface JacksonScalar {
  readonly type: 'string' | 'int' | 'float' | 'bool' | 'null';
  readonly text: string;
}

const BOOL = /^(?:yes|no|true|false|on|off)$/i;
const TRUE = /^(?:yes|true|on)$/i;
const INT = /^[-+]?(?:0b_*[01][01_]*|0[0-7_]+|0|[1-9][0-9_]*|0x_*[0-9a-fA-F][0-9a-fA-F_]*)$/;
const FLOAT = /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*[eE][-+]?[0-9]+|\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?)$/;

export function resolveJacksonScalar({ text, style, tag }: ScalarNode): JacksonScalar {
  if (style !== 'plain' || tag === 'tag:yaml.org,2002:str') return { type: 'string', text };
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return { type: 'null', text: 'null' };
  if (BOOL.test(text)) return { type: 'bool', text: String(TRUE.test(text)) };
  if (INT.test(text)) return { type: 'int', text: parseJavaInteger(text.replaceAll('_', '')).toString() };
  if (FLOAT.test(text)) return { type: 'float', text: javaDouble(Number(text.replaceAll('_', ''))) };
  return { type: 'string', text };
}

function parseJavaInteger(text: string): bigint {
  const digits = text.replace(/^[-+]/, '');
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return text.startsWith('-') ? -value : value;
}

/** `Double.toString`: plain notation between 10⁻³ and 10⁷, else `d.dddEn`, always with a digit behind the point. */
export function javaDouble(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-3 && magnitude < 1e7) {
    const plain = String(value);
    return plain.includes('.') ? plain : `${plain}.0`;
  }
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent.replace('+', '')}`;
}
