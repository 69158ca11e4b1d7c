import { z } from 'zod';
import { goDuration, goInteger } from '../../schema/leaf.ts';

/** How an output to a service of AWS tries again. @param what is tried again @param then what becomes of it in the end */
export const retryFields = (what: string, then: string) => ({
  max_retries: goInteger({ atLeast: 0 })
    .prefault(0)
    .meta({ description: `Maximum number of retries of ${what}; \`0\` leaves the limit to \`max_elapsed_time\`.` }),
  backoff: z
    .strictObject({
      initial_interval: goDuration().prefault('1s').meta({ description: 'The first pause.' }),
      max_interval: goDuration().prefault('5s').meta({ description: 'The longest pause.' }),
      max_elapsed_time: goDuration()
        .prefault('30s')
        .meta({ description: `How long ${what} is retried before ${then}; \`0s\` means no limit.` }),
    })
    .prefault({})
    .meta({ description: 'The pauses between retries: each 1.5 times the last, spread by half either way.' }),
});
