import { z } from 'zod';
import { interpolation, text } from '../../schema/leaf.ts';

const codec = text()
  .prefault('lines')
  .meta({ description: 'What stands between messages: `lines`, `delim:x`, `append` (nothing); `all-bytes` replaces what was there.' });

/** Every output that runs in one process without lanes, by name, with its fields. `aws_kinesis` stands in a file of its own. */
export const outputTypes = {
  stdout: z.strictObject({ codec }).meta({ description: 'Writes to standard output.' }),
  file: z
    .strictObject({
      path: interpolation().meta({ description: 'The file; folders that are missing are made.' }),
      codec,
    })
    .meta({ description: 'Writes to files.' }),
  drop: z.strictObject({}).meta({ description: 'Takes messages and writes nothing.' }),
  reject: interpolation().meta({ description: 'Refuses each message; the text is the reason.' }),
};
