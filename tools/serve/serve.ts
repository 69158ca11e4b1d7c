/**
 * Starts an app, as `nx run egress-worker:serve` does:
 *
 *     node tools/serve/serve.ts egress-worker [flags of the app]
 *
 * Without `--config` it takes examples/pipeline and points at the Redis and the Kinesis of `npm start`; with it, nothing is assumed.
 */
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const EXAMPLE = join(ROOT, 'examples', 'pipeline');

const [app = '', ...flags] = process.argv.slice(2);
const isConfigured = flags.some((flag) => /^(-c|--config)(=|$)/.test(flag));
if (!isConfigured) process.loadEnvFile(join(EXAMPLE, 'local.env'));
const example = ['module.yaml', 'benthos.yaml', 'sluice.yaml'].flatMap((file) => ['--config', join(EXAMPLE, file)]);

const main = join(ROOT, 'apps', app, 'src', 'main.ts');
process.argv.splice(1, process.argv.length, main, ...(isConfigured ? [] : example), ...flags);
await import(main);
