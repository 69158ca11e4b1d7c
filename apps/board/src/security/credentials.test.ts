import { expect, it } from 'vitest';
import { isSameCredentials, isSameText } from './credentials.ts';

const ADA = { username: 'ada', password: 'hunter2' };

it.each([
  [ADA, true],
  [{ username: 'ada', password: 'hunter3' }, false],
  [{ username: 'ada', password: 'hunter2 and more' }, false],
  [{ username: 'eve', password: 'hunter2' }, false],
  [{ username: '', password: '' }, false],
])('%j against the right ones: %s', (given, expected) => {
  expect(isSameCredentials(given, ADA)).toBe(expected);
});

it('compares the password of a name that does not exist too', () => {
  const compared: string[] = [];
  const isSame = (a: string, b: string) => {
    compared.push(a);
    return isSameText(a, b);
  };
  isSameCredentials({ username: 'eve', password: 'guess' }, ADA, isSame);
  expect(compared).toEqual(['eve', 'guess']);
});
