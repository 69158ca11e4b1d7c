/** Caches and rate limits, by name, with their fields. */
import { z } from 'zod';
import { flag, goDuration, goInteger, oneOf, optionalText, requiredText, text } from '../../schema/leaf.ts';

const initialValues = () =>
  z.record(z.string(), text()).prefault({}).meta({ description: 'Values that are there from the start, by their keys.' });

const algorithm = () =>
  oneOf('standard', 'arc', '2q')
    .prefault('standard')
    .meta({ description: 'How keys are chosen that make room; all of them choose the one that was not used for longest.' });

const defaultTtl = () => goDuration().prefault('5m').meta({ description: 'How long a value is kept where nothing else is said.' });

const redisFields = {
  url: requiredText().meta({ description: 'The URL, as in `redis://host:6379/0`; `rediss://` for TLS.' }),
  kind: oneOf('simple').prefault('simple').meta({ description: 'Must be `simple`: one server, or what stands before others.' }),
};

export const cacheTypes = {
  memory: z
    .strictObject({
      default_ttl: defaultTtl(),
      compaction_interval: goDuration()
        .prefault('60s')
        .meta({ description: 'How often expired values are removed, at most; empty, values do not expire.' }),
      init_values: initialValues(),
      shards: goInteger({ atLeast: 1 }).prefault(1).meta({ description: 'Without effect: one thread needs one part.' }),
    })
    .meta({ description: 'In the memory of the process, without a limit. Forgotten when the worker stops.' }),
  lru: z
    .strictObject({
      cap: goInteger({ min: 1 }).prefault(1_000).meta({ description: 'Most keys; the one that was not used for longest makes room.' }),
      init_values: initialValues(),
      algorithm: algorithm(),
      two_queues_recent_ratio: z.unknown().optional().meta({ description: 'Without effect.' }),
      two_queues_ghost_ratio: z.unknown().optional().meta({ description: 'Without effect.' }),
      optimistic: flag().prefault(false).meta({ description: 'Without effect.' }),
    })
    .meta({ description: 'In the memory of the process, with a limit of keys.' }),
  ttlru: z
    .strictObject({
      cap: goInteger({ min: 1 }).prefault(1_024).meta({ description: 'Most keys; the one that was not used for longest makes room.' }),
      default_ttl: defaultTtl(),
      ttl: goDuration().optional().meta({ description: 'The older name of `default_ttl`.' }),
      init_values: initialValues(),
      optimistic: flag().prefault(false).meta({ description: 'Without effect.' }),
      without_reset: flag().prefault(false).meta({ description: 'Whether a value expires also where it is read meanwhile.' }),
    })
    .meta({ description: 'In the memory of the process, with a limit of keys and of their age.' }),
  file: z
    .strictObject({ directory: text().meta({ description: 'The folder, which must exist; a file for each key.' }) })
    .meta({ description: 'In the files of a folder. Values do not expire.' }),
  multilevel: z
    .array(text())
    .meta({ description: 'Labels of caches, the nearest first: what one of them has is copied to those before it.' }),
  redis: z
    .strictObject({
      ...redisFields,
      prefix: text().prefault('').meta({ description: 'Stands in front of each key.' }),
      default_ttl: goDuration()
        .prefault('0s')
        .meta({ description: 'How long a value is kept where nothing else is said; `0s` is no limit.' }),
      retries: z
        .strictObject({
          initial_interval: goDuration().prefault('500ms').meta({ description: 'The pause before the second attempt.' }),
          max_interval: goDuration().prefault('1s').meta({ description: 'The longest pause.' }),
          max_elapsed_time: goDuration()
            .prefault('5s')
            .meta({ description: 'Time after which no attempt is made; `0s`: there is one only.' }),
        })
        .prefault({})
        .meta({ description: 'Pauses between attempts.' }),
    })
    .meta({ description: 'In a Redis, for all workers that use the same one.' }),
  noop: z.record(z.string(), z.unknown()).meta({ description: 'Keeps nothing.' }),
};

export const rateLimitTypes = {
  redis: z
    .strictObject({
      ...redisFields,
      count: goInteger({ min: 1 }).prefault(1_000).meta({ description: 'Places in each interval.' }),
      interval: goDuration().prefault('1s').meta({ description: 'The interval.' }),
      key: requiredText().meta({ description: 'The key of the count.' }),
    })
    .meta({ description: 'For all workers that use the same key of a Redis.' }),
  local: z
    .strictObject({
      count: goInteger({ min: 1 }).prefault(1_000).meta({ description: 'Places in each interval.' }),
      interval: goDuration().prefault('1s').meta({ description: 'The interval.' }),
    })
    .meta({ description: 'For one worker.' }),
};

const fieldsOf = <T extends Record<string, z.ZodType>>(types: T) => ({
  label: text().meta({ description: 'The name by which processors refer to it.' }),
  type: optionalText().optional().meta({ description: 'Name of the kind, if its own field is absent.' }),
  plugin: z.unknown().optional().meta({ description: 'The options of the kind named by `type`.' }),
  ...Object.fromEntries(Object.entries(types).map(([name, schema]) => [name, schema.optional()])),
});

export const cacheSchema = z
  .strictObject(fieldsOf(cacheTypes))
  .meta({ description: 'A cache: its kind as the field, its options as the value.' });
export const rateLimitSchema = z
  .strictObject(fieldsOf(rateLimitTypes))
  .meta({ description: 'A rate limit: its kind as the field, its options as the value.' });
