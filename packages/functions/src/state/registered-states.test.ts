import type { StateSpec } from '@sluice/function-protocol';
import { describe, expect, it } from 'vitest';
import { StoredTypeError } from './errors.ts';
import { RegisteredStates } from './registered-states.ts';

const INT = 'io.statefun.types/int';
const spec = (name: string, typename = INT, afterMs = 0): StateSpec => ({
  name,
  typename,
  expiration: afterMs > 0 ? { mode: 'afterWrite', afterMs } : { mode: 'none', afterMs: 0 },
});

describe('RegisteredStates', () => {
  it('says whether a declaration brings a new name', () => {
    const states = new RegisteredStates();
    expect([
      states.register([spec('a')]),
      states.register([spec('a')]),
      states.register([spec('a'), spec('b')]),
      states.register([]),
    ]).toEqual([true, false, true, false]);
    expect(states.names()).toEqual(['a', 'b']);
  });

  it('keeps the first expiration of a name', () => {
    const states = new RegisteredStates();
    states.register([spec('a', INT, 500)]);
    states.register([spec('a', INT, 900)]);
    expect(states.specOf('a')?.expiration.afterMs).toBe(500);
  });

  it('refuses another type under a known name, and takes nothing of that declaration', () => {
    const states = new RegisteredStates();
    states.register([spec('a')]);
    for (const specs of [
      [spec('b'), spec('a', 'com.ex/other')],
      [spec('c'), spec('c', 'com.ex/other')],
    ]) {
      expect(() => states.register(specs)).toThrow(expect.objectContaining({ fault: 'state-type-changed' }));
    }
    expect(states.names()).toEqual(['a']);
  });

  it('attaches every registered state: present and empty is a value, absent is a name alone', () => {
    const states = new RegisteredStates();
    states.register([spec('empty'), spec('absent')]);
    const values = new Map([
      ['empty', { typename: INT, value: Buffer.alloc(0) }],
      ['dropped', { typename: INT, value: Buffer.from('x') }],
    ]);
    expect(states.attach({ values })).toEqual([
      { name: 'empty', value: { typename: INT, value: Buffer.alloc(0) } },
      { name: 'absent', value: undefined },
    ]);
  });

  it('attaches no value of another type', () => {
    const states = new RegisteredStates();
    states.register([spec('a')]);
    expect(() => states.attach({ values: new Map([['a', { typename: 'com.ex/other', value: Buffer.alloc(0) }]]) })).toThrow(
      StoredTypeError,
    );
  });
});
