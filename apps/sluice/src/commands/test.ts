import { createLogger } from '@sluice/telemetry';
import { Command, Option } from 'commander';
import { COLORED, PLAIN } from '../test/json-difference.ts';
import { testFiles } from '../test/test-files.ts';

interface TestFlags {
  readonly log?: 'error' | 'warn' | 'info' | 'debug';
  readonly verbose?: true;
  readonly templates: readonly string[];
}

/** `sluice test`: runs the tests of Benthos configurations. */
export const testCommand = (): Command =>
  new Command('test')
    .description('Run the tests of Benthos configurations: their `tests`, or those of a NAME_benthos_test.yaml beside them.')
    .argument('[paths...]', 'files, or folders for every .yaml and .yml file below them; without any, the current folder')
    .addOption(new Option('--log <level>', 'write what processors log, from this level on').choices(['error', 'warn', 'info', 'debug']))
    .option('-v, --verbose', 'name each test')
    .option(
      '-t, --templates <file>',
      'a file, or a glob of files, with templates of components; may be repeated',
      (value, before: string[]) => [...before, value],
      [],
    )
    .addHelpText(
      'after',
      `
The exit code is 1 if a test fails, cannot be run, or there is none.

Examples:
  sluice test benthos.yaml
  sluice test ./config/...`,
    )
    .action(async (paths: readonly string[], { log, verbose, templates }: TestFlags) => {
      const write = (line: string): void => void process.stdout.write(`${line}\n`);
      const { targets, failures } = await testFiles(paths.length > 0 ? paths : ['./...'], {
        env: process.env,
        templates,
        logger: createLogger({ level: log ?? 'off', format: 'logfmt', timestamp: false, destination: process.stdout }),
        style: process.env['NO_COLOR'] ? PLAIN : COLORED,
        isVerbose: verbose ?? false,
        write,
      });
      if (targets === 0) write('No tests were found');
      if (failures.length > 0) write(`\nFailures:\n\n${failures.join('\n').trimEnd()}`);
      process.exitCode = targets === 0 || failures.length > 0 ? 1 : 0;
    });
