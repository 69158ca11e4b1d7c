import { BloblangError, Float64, getKey, goTypeName, isArray, isObject, setKey, type Value, type ValueObject } from '@sluice/values';
import { dateOf } from './date.ts';
import { INFIX, type Infix, PREFIX } from './operators.ts';
import { descendStep, evaluatePath, filterStep, keyStep, keysStep, rangeStep, type Step, scriptStep, starStep } from './path.ts';
import { Scanner, type Token } from './scanner.ts';
import { asText, type Expression, isZero } from './scope.ts';

const OPERATORS = [...INFIX.keys(), '?'];
const MAX_DEPTH = 500;
/** Where a range ends if it does not say so. */
const END = 0x7fffffff;

const constant = (value: Value) => (): Value => value;
const number = (value: number): Expression => constant(new Float64(value));

/** Parses an expression in which JSONPath stands beside names, literals and operators. Throws BloblangError with the place. */
export function parseExpression(source: string): Expression {
  return new Parser(source).whole();
}

interface Pending {
  readonly left: Expression;
  readonly infix: Infix;
}

class Parser {
  private readonly scanner: Scanner;
  private depth = 0;

  constructor(source: string) {
    this.scanner = new Scanner(source);
  }

  /** Whole : Expression EOF */
  whole(): Expression {
    const expression = this.expression();
    const rest = this.scanner.next();
    if (rest.kind !== 'EOF') throw this.scanner.unexpected(rest, 'operator');
    return expression;
  }

  /** Expression : Operand ( Infix Operand | "?" Expression ( ":" Expression )? )*   — equal precedence associates to the left. */
  private expression(): Expression {
    if (++this.depth > MAX_DEPTH) throw new BloblangError('expression is nested too deeply');
    const pending: Pending[] = [];
    const reduce = (right: Expression, precedence: number): Expression => {
      let reduced = right;
      while ((pending.at(-1)?.infix.precedence ?? -1) >= precedence) {
        const { left, infix } = pending.pop()!;
        reduced = infix.build(left, reduced);
      }
      return reduced;
    };
    let operand = this.operand();
    for (let operator = this.operator(); operator !== undefined; operator = this.operator()) {
      if (operator === '?') {
        operand = this.conditional(reduce(operand, 0));
      } else {
        pending.push({ left: reduce(operand, operator.precedence), infix: operator });
        operand = this.operand();
      }
    }
    this.depth--;
    return reduce(operand, 0);
  }

  private operator(): Infix | '?' | undefined {
    const token = this.scanner.peek();
    if (token.kind === 'Ident') {
      if (token.text !== 'in') return undefined;
      this.scanner.next();
      return INFIX.get('in');
    }
    const startsOne = (text: string): boolean => OPERATORS.some((name) => name.startsWith(text));
    if (token.kind !== 'symbol' || !startsOne(token.text)) return undefined;
    const whole = this.scanner.extend(token, startsOne);
    if (whole.text === '?') return '?';
    const infix = INFIX.get(whole.text);
    if (infix === undefined) throw this.scanner.failure(whole, `unknown operator ${whole.text}`);
    return infix;
  }

  private conditional(condition: Expression): Expression {
    const yes = this.expression();
    const separator = this.scanner.next();
    if (separator.kind !== 'EOF' && separator.text !== ':') throw this.scanner.unexpected(separator, '<> ? <> : <>', ['":"', 'EOF']);
    const no = separator.kind === 'EOF' ? constant(null) : this.expression();
    return (scope) => (isZero(condition(scope)) ? no(scope) : yes(scope));
  }

  /** Operand : Number | String | "true" | "false" | Variable | "$" Path | "@" Path | "(" Expression ")" | Prefix Operand | Array | Object */
  private operand(): Expression {
    const token = this.scanner.next();
    switch (token.kind) {
      case 'Number':
        return number(this.numberOf(token));
      case 'String':
        return constant(this.scanner.stringValue(token));
      case 'Ident':
        return this.identifier(token);
      case 'symbol':
        return this.symbol(token);
      case 'EOF':
        throw this.scanner.unexpected(token, 'extensions');
    }
  }

  private numberOf(token: Token): number {
    if (/^0[xX]/.test(token.text)) throw this.scanner.failure(token, `strconv.ParseFloat: parsing "${token.text}": invalid syntax`);
    return Number(token.text);
  }

  private symbol(token: Token): Expression {
    const prefix = PREFIX.get(token.text);
    if (prefix !== undefined) {
      if (++this.depth > MAX_DEPTH) throw new BloblangError('expression is nested too deeply');
      const operand = this.operand();
      this.depth--;
      return (scope) => prefix(operand(scope));
    }
    switch (token.text) {
      case '$':
        return this.path((scope) => scope.root);
      case '@':
        return this.path((scope) => scope.current);
      case '(':
        return this.closed('parentheses', ')');
      case '[':
        return this.array();
      case '{':
        return this.object();
      default:
        throw this.scanner.unexpected(token, 'extensions');
    }
  }

  /** An expression and the bracket that closes it. */
  private closed(place: string, end: string): Expression {
    const expression = this.expression();
    if (!this.scanner.accept(end)) throw this.scanner.unexpected(this.scanner.next(), place, [`"${end}"`]);
    return expression;
  }

  /** Variable : Ident ( "." Ident | "[" Expression "]" )*  |  Ident "(" Arguments ")" */
  private identifier({ text }: Token): Expression {
    if (text === 'true' || text === 'false') return constant(text === 'true');
    if (this.scanner.accept('(')) return this.call(text);
    const keys: Expression[] = [constant(text)];
    for (;;) {
      if (this.scanner.accept('.')) {
        const name = this.scanner.next();
        if (name.kind !== 'Ident') throw this.scanner.unexpected(name, 'field', ['Ident']);
        keys.push(constant(name.text));
      } else if (this.scanner.accept('[')) {
        keys.push(this.closed('array key', ']'));
      } else {
        return (scope) =>
          variable(
            scope.root,
            keys.map((key) => asText(key(scope))),
          );
      }
    }
  }

  private call(name: string): Expression {
    const args: Expression[] = [];
    while (!this.scanner.accept(')')) {
      if (args.length > 0 && !this.scanner.accept(',')) throw this.scanner.unexpected(this.scanner.next(), 'arguments', ['")"', '","']);
      args.push(this.expression());
    }
    if (name === 'date') return (scope) => dateOf(args.map((argument) => argument(scope)));
    return ({ root }) => {
      throw new BloblangError(`could not call '${name}' type ${goTypeName(variable(root, [name]))}`);
    };
  }

  private array(): Expression {
    const elements: Expression[] = [];
    while (!this.scanner.accept(']')) if (!this.scanner.accept(',')) elements.push(this.expression());
    return (scope) => elements.map((element) => element(scope));
  }

  private object(): Expression {
    const fields: { key: Expression; value: Expression }[] = [];
    while (!this.scanner.accept('}')) {
      if (this.scanner.accept(',')) continue;
      const key = this.closed('object', ':');
      fields.push({ key, value: this.expression() });
    }
    return (scope) => {
      const object: ValueObject = {};
      for (const { key, value } of fields) setKey(object, asText(key(scope)), value(scope));
      return object;
    };
  }

  /** Path : ( "." Select | "[" Bracket "]" | "(" Expression ")" )* */
  private path(start: Expression): Expression {
    const steps: Step[] = [];
    for (;;) {
      if (this.scanner.accept('.')) this.select(steps);
      else if (this.scanner.accept('[')) steps.push(this.bracket(false));
      else if (this.scanner.accept('(')) steps.push(scriptStep(this.closed('jsnopath script', ')')));
      else return (scope) => evaluatePath(steps, start(scope), scope);
    }
  }

  /** Select : Ident | "*" | "." ( Ident | "*" | "[" Bracket "]" | "(" Expression ")" ) */
  private select(steps: Step[]): void {
    const token = this.scanner.next();
    if (token.text === '.') {
      steps.push(descendStep);
      if (this.scanner.accept('[')) steps.push(this.bracket(true));
      else if (this.scanner.accept('(')) steps.push(scriptStep(this.closed('jsnopath script', ')')));
      else steps.push(this.named(this.scanner.next(), 'JSON mapper', ['"["', 'Ident', '"*"']));
    } else {
      steps.push(this.named(token, 'JSON select', ['Ident', '"."', '"*"']));
    }
  }

  private named(token: Token, place: string, expected: readonly string[]): Step {
    if (token.kind === 'Ident') return keyStep(constant(token.text));
    if (token.text === '*') return starStep;
    throw this.scanner.unexpected(token, place, expected);
  }

  /** Bracket : "*" | "?" Expression | Expression ( "," Expression )* | Range   — behind `..`, one key is any number of keys. */
  private bracket(isMapped: boolean): Step {
    if (this.scanner.accept('*')) {
      this.close('JSON bracket star', ['"]"']);
      return starStep;
    }
    if (this.scanner.accept('?')) {
      const condition = this.expression();
      this.close('JSON bracket separator', ['":"', '","']);
      return filterStep(condition);
    }
    const first = this.scanner.peek().text === ':' ? undefined : this.expression();
    if (this.scanner.peek().text === ':') return this.range(first ?? number(0), isMapped);
    const keys = first === undefined ? [] : [first];
    while (this.scanner.accept(',')) keys.push(this.expression());
    this.close('JSON bracket separator', ['":"', '","']);
    return keys.length === 1 && !isMapped ? keyStep(keys[0]!) : keysStep(keys);
  }

  private close(place: string, expected: readonly string[]): void {
    if (!this.scanner.accept(']')) throw this.scanner.unexpected(this.scanner.next(), place, expected);
  }

  /** Range : Expression? ":" Expression? ( ":" Expression? )? */
  private range(from: Expression, isMapped: boolean): Step {
    if (isMapped) throw this.scanner.failure(this.scanner.peek(), 'mapper can not be combined with range query');
    const bounds: Expression[] = [];
    while (this.scanner.accept(':')) {
      const isEmpty = /^[:\]]$/.test(this.scanner.peek().text);
      bounds.push(isEmpty ? number(bounds.length === 0 ? END : 1) : this.expression());
    }
    const end = this.scanner.peek();
    this.close('JSON bracket separator', ['":"', '","']);
    const [to = number(END), step = number(1), ...more] = bounds;
    if (more.length > 0) throw this.scanner.failure(end, 'range query has at least the parameter [min:max:step]');
    return rangeStep(from, to, step);
  }
}

/** A field of the whole value; an object that does not have it gives null, an array without such a place itself, as in the original. */
function variable(root: Value, keys: readonly string[]): Value {
  let value = root;
  keys.forEach((key, index) => {
    if (isObject(value)) {
      value = getKey(value, key);
      return;
    }
    if (!isArray(value)) throw new BloblangError(`unknown parameter ${keys.slice(0, index + 1).join('.')}`);
    value = (/^\d{1,9}$/.test(key) ? value[Number(key)] : undefined) ?? value;
  });
  return value;
}
