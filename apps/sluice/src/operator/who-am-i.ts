import { hostname, userInfo } from 'node:os';

/** `user@host`. */
export function whoAmI(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A user without an entry in /etc/passwd, as in a container.
    return `${process.getuid?.() ?? 'somebody'}@${hostname()}`;
  }
}
