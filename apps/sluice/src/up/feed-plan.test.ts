import { describe, expect, it } from 'vitest';
import { UpUsageError } from './errors.ts';
import { planFeed } from './feed-plan.ts';

describe('planFeed', () => {
  it('refuses --key without --file', async () => {
    await expect(planFeed({ key: 'id' })).rejects.toThrow(UpUsageError);
    await expect(planFeed({ key: 'id' })).rejects.toThrow('give --file too');
  });

  it('refuses a file that is not there, by its name', async () => {
    await expect(planFeed({ file: '/nothere.jsonl' })).rejects.toThrow(
      '--file /nothere.jsonl: expected a file that can be read, found none (ENOENT)',
    );
  });

  it('lets records of a file leave under the key that they came with', async () => {
    const { configArguments } = await planFeed({ file: import.meta.filename, key: 'id' });
    expect(configArguments.slice(-2)).toEqual(['--set', 'output.aws_kinesis.partition_key=${! @kinesis_partition_key }']);
  });
});
