import { createInterface } from 'node:readline/promises';

export interface AskingTerminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/** Whether somebody said yes; `undefined` where nobody is there. */
export async function confirm(question: string, { input, output }: AskingTerminal): Promise<boolean | undefined> {
  if (!input.isTTY) return undefined;
  const asking = createInterface({ input, output });
  try {
    return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
  } catch {
    // Ctrl-D or Ctrl-C.
    return false;
  } finally {
    asking.close();
  }
}
