/** The function server of an end-to-end test, in a process of its own: `greeter.main.ts PORT`. */
import { startGreeter } from '@sluice/functions/testing';

const greeter = await startGreeter({ port: Number(process.argv[2] ?? 0) });
process.stdout.write(`${greeter.url}\n`);
