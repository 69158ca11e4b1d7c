import { openContainers } from './containers.ts';
import type { Installation } from './installation.ts';
import { openLaidOutFolder } from './laid-out-folder.ts';

/**
 * The image in containers where an engine answers and has or can get the base images; else the same files in a folder: nothing writable, a user without rights where this process may become one.
 */
export const openInstallation = async (): Promise<Installation> => (await openContainers()) ?? openLaidOutFolder();
