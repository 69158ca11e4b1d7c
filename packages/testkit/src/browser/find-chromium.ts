import { findExecutable } from '../binary/find-executable.ts';
import { installPackages } from '../binary/install-packages.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** A Chromium on the PATH, else Debian's, which is installed first where we are root; `undefined` where there is none to have. */
export async function ensureChromium(onNotice?: (text: string) => void): Promise<string | undefined> {
  const found = await findExecutable(NAMES);
  if (found) return found;
  return (await installPackages(['chromium', 'fonts-dejavu-core'], onNotice)) ? findExecutable(NAMES) : undefined;
}
