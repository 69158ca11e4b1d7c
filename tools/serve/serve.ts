/**
 * Starts an app, as `nx run egress-worker:serve` does:
 *
 *     node tools/serve/serve.ts egress-worker [flags of the app]
 *
 * Without `--config` it joins what `npm start` runs on this machine: the same configuration, Redis and Kinesis. With it, nothing is assumed.
 */
import { join } from 'node:path';
import { findInstallation } from '@sluice/worker/local-installation';

const [app = '', ...flags] = process.argv.slice(2);
const isConfigured = flags.some((flag) => /^(-c|--config|-h|--help)(=|$)/.test(flag));
const installation = isConfigured ? undefined : findInstallation();
if (!isConfigured && !installation) {
  process.stderr.write(
    'expected a configuration or a running `npm start`, found neither: start `npm start` in another terminal, or name a file with --config=file.yaml\n',
  );
  process.exit(1);
}
Object.assign(process.env, installation?.env);

const main = join(import.meta.dirname, '..', '..', 'apps', app, 'src', 'main.ts');
process.argv.splice(1, process.argv.length, main, ...(installation?.configArguments ?? []), ...flags);
await import(main);
