import { createHash, timingSafeEqual } from 'node:crypto';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Takes the same time however much of the two texts agrees, and however long they are. */
export const isSameText = (a: string, b: string): boolean => timingSafeEqual(digestOf(a), digestOf(b));

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares both parts always, so that nobody learns from the time whether the name exists. */
export function isSameCredentials(given: Credentials, expected: Credentials, isSame = isSameText): boolean {
  const [username, password] = [isSame(given.username, expected.username), isSame(given.password, expected.password)];
  return username && password;
}
