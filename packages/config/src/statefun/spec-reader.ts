import { badTypeName, parseTypeName, type TypeName } from '@sluice/function-protocol/type-name';
import type { SourcePosition } from '../model/position.ts';
import type { ProblemCode, ProblemLog } from '../problem/problem.ts';
import { resolveJacksonScalar } from '../yaml/jackson-scalar.ts';
import { type ConfigNode, describeNode, isNullText, MapNode, ScalarNode } from '../yaml/node.ts';

/** Thrown inside this dialect once a component is beyond repair; its problem is reported where it is caught. */
export class SpecFault extends Error {
  readonly code: ProblemCode;
  readonly position: SourcePosition;

  constructor(code: ProblemCode, position: SourcePosition, message: string) {
    super(message);
    this.code = code;
    this.position = position;
  }
}

/** Runs `compile`; a fault becomes a problem and `undefined`. */
export function reportingFaults<T>(log: ProblemLog, compile: () => T): T | undefined {
  try {
    return compile();
  } catch (fault) {
    if (!(fault instanceof SpecFault)) throw fault;
    log.error(fault.code, fault.position, fault.message);
    return undefined;
  }
}

/** One object of a module.yaml, read as Jackson and the upstream deserialisers read it. */
export class SpecReader {
  readonly node: MapNode;
  readonly path: string;
  readonly log: ProblemLog;

  constructor(node: MapNode, path: string, log: ProblemLog) {
    this.node = node;
    this.path = path;
    this.log = log;
  }

  get(name: string): ConfigNode | undefined {
    return this.node.get(name);
  }

  require(name: string): ConfigNode {
    const value = this.get(name);
    if (value) return value;
    throw new SpecFault('field.missing', this.node.position, `required field \`${name}\` is missing in \`${this.path}\``);
  }

  fault(name: string, message: string, code: ProblemCode = 'field.value'): SpecFault {
    return new SpecFault(code, this.get(name)?.position ?? this.node.position, `\`${name}\`: ${message}`);
  }

  /** `JsonNode.asText()` of a required field: any scalar as it is written, null as the text `null`, a list or object as nothing. */
  text(name: string): string {
    return asText(this.require(name));
  }

  /** As {@link text}; `undefined` where the field is absent. */
  optionalText(name: string): string | undefined {
    const value = this.get(name);
    return value && asText(value);
  }

  /** A field that must be a text and no number, boolean or null. */
  textual(name: string): string {
    const value = this.require(name);
    if (value instanceof ScalarNode && resolveJacksonScalar(value).type === 'string') return value.text;
    throw this.fault(
      name,
      `expected a text, got ${describeNode(value)}${value instanceof ScalarNode && !isNullText(value) ? '; put it into quotes' : ''}`,
      'field.type',
    );
  }

  /** A Java `String`: any scalar but null, as it is written. */
  string(name: string): string {
    const value = this.require(name);
    if (value instanceof ScalarNode && !isNullText(value)) return value.text;
    throw this.fault(name, `expected a text, got ${describeNode(value)}`, 'field.type');
  }

  typeName(name: string): TypeName {
    const value = this.require(name);
    if (!(value instanceof ScalarNode) || isNullText(value))
      throw this.fault(name, `expected a type name \`<namespace>/<name>\`, got ${describeNode(value)}`, 'field.type');
    const typeName = parseTypeName(value.text);
    if (typeName) return typeName;
    throw this.fault(name, badTypeName(value.text));
  }

  /** An object below this one; `undefined` where it is absent. An explicit null is refused, as upstream does. */
  object(name: string, hint = ''): SpecReader | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (value instanceof MapNode) return new SpecReader(value, `${this.path}.${name}`, this.log);
    throw this.fault(name, `expected an object, got ${describeNode(value)}${hint}`, 'field.type');
  }

  /** Jackson's coercion to `int`: a number loses its fraction, a quoted integer counts, null and the empty text are 0. */
  int(name: string, otherwise: number): number {
    const value = this.get(name);
    if (value === undefined) return otherwise;
    const number = value instanceof ScalarNode ? coerceInt(value) : undefined;
    if (number === undefined) throw this.fault(name, `expected an integer, got ${describeNode(value)}`, 'field.type');
    if (number < -(2 ** 31) || number >= 2 ** 31) throw this.fault(name, `must fit in 32 bits, got ${describeNode(value)}`);
    return number;
  }

  /** Warns about fields that upstream would ignore without a word, and about fields that are set twice. */
  warnAboutUnknown(known: readonly string[], suggest: (name: string, known: readonly string[]) => string): void {
    const seen = new Map<string, number>();
    for (const { key } of this.node.entries) {
      const line = seen.get(key.text);
      if (line !== undefined)
        this.log.tolerate(
          'module.dropped-data',
          key.position,
          `field \`${key.text}\` was already set at line ${line}; the last value wins`,
        );
      seen.set(key.text, key.position.line);
      if (!known.includes(key.text))
        this.log.tolerate(
          'field.unknown',
          key.position,
          `unknown field \`${key.text}\` in \`${this.path}\` is ignored${suggest(key.text, known)}`,
        );
    }
  }
}

/** Texts keep the form they are written in, so that a secret such as `0123` is not taken for an octal number. */
export function asText(node: ConfigNode): string {
  if (!(node instanceof ScalarNode)) return '';
  return isNullText(node) ? 'null' : node.text;
}

function coerceInt(node: ScalarNode): number | undefined {
  const { type, text } = resolveJacksonScalar(node);
  if (type === 'null') return 0;
  if (type === 'bool') return undefined;
  if (type !== 'string') return Math.trunc(Number(text));
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'null') return 0;
  return /^[-+]?\d+$/.test(trimmed) ? Number(trimmed) : undefined;
}
