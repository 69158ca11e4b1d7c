import { describe, expect, it } from 'vitest';
import { formatFencingToken, isSameToken, parseFencingToken } from './fencing-token.ts';

describe('fencing token', () => {
  it('is read back from its text, also with colons in the owner', () => {
    const token = { number: 42, owner: 'host-1#ab:cd.3' };
    expect(formatFencingToken(token)).toBe('42:host-1#ab:cd.3');
    expect(parseFencingToken('42:host-1#ab:cd.3')).toEqual(token);
  });

  it.each(['', '42', '42:', ':owner', '-1:owner', '1.5:owner', '042:owner', '12345678901234567:owner'])('is not read from %j', (text) =>
    expect(parseFencingToken(text)).toBeUndefined(),
  );

  it('differs when only the owner does', () => {
    expect(isSameToken({ number: 1, owner: 'ada#x.1' }, { number: 1, owner: 'ada#x.1' })).toBe(true);
    expect(isSameToken({ number: 1, owner: 'ada#x.1' }, { number: 1, owner: 'ada#x.2' })).toBe(false);
  });
});
