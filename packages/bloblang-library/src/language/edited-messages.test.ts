import type { Mapping, Message } from '@sluice/bloblang';
import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { parseMapping } from '../parse.ts';

/** A mapping that begins with `root = this` edits the message without parsing it; where `this` has another name it does not. */
const mappingsWith = (edits: string): Mapping[] => ['this', 'this.(all -> all)'].map((whole) => parseMapping(`root = ${whole}\n${edits}`));

function outcomeOf(mapping: Mapping, message: Message): string {
  const outcome = mapping.map([message, OTHER], 0);
  if (outcome.kind === 'mapped') return `${Buffer.from(outcome.message.content)} ${outcome.loss?.message}`;
  return outcome.kind === 'failed' ? outcome.error.message : outcome.kind;
}

const OTHER: Message = { content: Buffer.from('{"other":{"z":1,"a":2}}'), metadata: {} };

const messageOf = (content: string): Message => ({ content: Buffer.from(content), metadata: { k: 'v' } });

const MESSAGES = [
  '{"b":{"y":1.50,"x":[{"q":2,"p":1}]},"a":"text","n":null,"list":[3,1]}',
  '{ "a" : 1 }',
  '{"a":{"a":{"a":1}}}',
  '{"a":1,"a":2}',
  '{}',
  '[1]',
  'null',
  'no json',
  '',
].map(messageOf);

const PATHS = ['a', 'b', 'b.x', 'b.y', 'b.x.0.p', 'a.a', 'a.a.a', 'a.b', 'n', 'n.x', 'new', 'new.x', 'list', 'list."-"', 'list.0'];
const VALUES = [
  ...['deleted()', '"x"', '1', 'this.b', 'this.a', 'this.b.x.0', '{}', '{"b":1,"a":2}', '[]', 'this', 'nothing()', 'this.new'],
  ...['json("other").from(1)', 'batch_size()', 'metadata("k")', '"nan".number(0)', 'throw("no")', 'if this.a == 1 { 5 }', '"NaN".number()'],
];

describe('a message that is edited without being parsed', () => {
  it('comes out as if it had been parsed', () => {
    const { seed, below } = randomFor('edited messages');
    for (let round = 0; round < 500; round++) {
      const edits = Array.from({ length: below(5) }, () => `root.${PATHS[below(PATHS.length)]} = ${VALUES[below(VALUES.length)]}`);
      const [editing, parsing] = mappingsWith(edits.join('\n')) as [Mapping, Mapping];
      for (const message of MESSAGES) {
        expect(outcomeOf(editing, message), `seed ${seed}: ${edits.join('; ')} on ${Buffer.from(message.content)}`).toBe(
          outcomeOf(parsing, message),
        );
      }
    }
  });

  it('is chosen by conditions', () => {
    const mapping = parseMapping('root = if this.a == 1 { this } else if this.a == 2 { deleted() } else { this.b }\nroot.x = 3');
    const mapped = (content: string): string => {
      const outcome = mapping.map([messageOf(content)], 0);
      return outcome.kind === 'mapped' ? Buffer.from(outcome.message.content).toString() : outcome.kind;
    };
    expect(mapped('{"b":{},"a":1}')).toBe('{"a":1,"b":{},"x":3}');
    expect(mapped('{"b":{"c":4}}')).toBe('{"c":4,"x":3}');
    expect(mapped('{"a":5}')).toBe('{"x":3}');
  });

  it('does not show its edits to expressions', () => {
    const outcome = parseMapping('root = this\nroot.b = 2\nroot.c = this.b | "none"\nroot.d = this.a').map([messageOf('{"a":1}')], 0);
    expect(outcome.kind === 'mapped' && Buffer.from(outcome.message.content).toString()).toBe('{"a":1,"b":2,"c":"none","d":1}');
  });

  it('is edited where its objects are, whatever another message has there', () => {
    const mapping = parseMapping('root = this\nroot.b = json("other.z").from(1)\nroot.other.x = json("other.z").from(1)');
    const outcome = mapping.map([messageOf('{"a":1}'), OTHER], 0);
    expect(outcome.kind === 'mapped' && Buffer.from(outcome.message.content).toString()).toBe('{"a":1,"b":1,"other":{"x":1}}');
  });

  it('is a boolean for a check only if it says so', () => {
    expect(parseMapping('root = this').check([messageOf('true')], 0)).toBe(true);
    expect(() => parseMapping('root = this').check([messageOf('{"a":1}')], 0)).toThrow('expected bool');
  });
});
