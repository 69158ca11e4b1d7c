import { expect, it } from 'vitest';
import { runText } from './testing/rig.ts';

it('runs programs where they are allowed', async () => {
  const text = `
input: { stdin: {} }
pipeline:
  threads: 1
  processors:
    - command: { name: tr, args_mapping: 'root = ["a-z", "A-Z"]' }
    - subprocess: { name: sed, args: [-u, 's/O/0/'] }
output: { stdout: {} }
`;
  await expect(runText(text, { stdin: 'one\ntwo\n', env: { SLUICE_COMMANDS_ALLOWED: 'tr,sed' } })).resolves.toBe('0NE\nTW0\n');
  await expect(runText(text, { stdin: 'one\n' })).rejects.toThrow('running the program `tr` is not allowed');
});
