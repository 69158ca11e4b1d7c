import { z } from 'zod';
import { goInteger, interpolation, mapping, oneOf, requiredText, text } from '../../schema/leaf.ts';

const codec = (description: string) => oneOf('lines', 'length_prefixed_uint32_be', 'netstring').prefault('lines').meta({ description });

/** Processors that run programs: off unless `sluice.commands.allowed` names what may run. */
export const programProcessors = {
  command: z
    .strictObject({
      name: interpolation().meta({ description: 'The program; without a slash it is looked for on the `PATH`.' }),
      args_mapping: mapping().optional().meta({ description: 'A mapping whose result is the array of its arguments.' }),
    })
    .meta({
      description:
        'Runs a program for each record, which reads the record and writes the new one. Off unless `sluice.commands.allowed` names the program.',
    }),
  subprocess: z
    .strictObject({
      name: requiredText().meta({ description: 'The program; without a slash it is looked for on the `PATH`.' }),
      args: z.array(text()).prefault([]).meta({ description: 'Its arguments.' }),
      max_buffer: goInteger({ min: 1 }).prefault(65_536).meta({ description: 'Bytes of the largest answer.' }),
      codec_send: codec('How records are told apart on its standard input. Of `lines`, each line of a record is sent and answered alone.'),
      codec_recv: codec('How answers are told apart on its standard output.'),
    })
    .meta({
      description:
        'Keeps a program running that answers one record after the other. Off unless `sluice.commands.allowed` names the program.',
    }),
};
