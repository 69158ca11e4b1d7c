/** Why a program may not be run where only `allowed` may, `undefined` where it may. Without a name: why none may be. `*` allows any. */
export function programRefusal(name: string | undefined, allowed: readonly string[]): string | undefined {
  if (allowed.includes('*') || (name === undefined ? allowed.length > 0 : allowed.includes(name))) return undefined;
  const what = name === undefined ? 'programs' : `the program \`${name}\``;
  return `running ${what} is not allowed; name what may run in \`sluice.commands.allowed\` (SLUICE_COMMANDS_ALLOWED)`;
}
