/**
 * The programs of Sluice, which the command line also starts: `sluice ingress-worker -c …`. Each is the main program of its own app and takes
 * over this process, so that one image and one entry point serve them all.
 */
export const PROCESSES: Readonly<Record<string, { readonly description: string; readonly start: () => Promise<unknown> }>> = {
  'ingress-worker': { description: 'Run a worker that reads streams.', start: () => import('@sluice/ingress-worker/main') },
  'egress-worker': { description: 'Run a worker that writes to streams.', start: () => import('@sluice/egress-worker/main') },
  'function-worker': { description: 'Run a worker that calls remote functions.', start: () => import('@sluice/function-worker/main') },
  board: { description: 'Serve the status page and Bull Board.', start: () => import('@sluice/board/main') },
};

/** Starts the program that the arguments name, if they do. It finds its own flags where it expects them. */
export async function startProcess(argv: string[]): Promise<boolean> {
  const name = argv[2] ?? '';
  if (!Object.hasOwn(PROCESSES, name)) return false;
  argv.splice(2, 1);
  await PROCESSES[name]!.start();
  return true;
}
