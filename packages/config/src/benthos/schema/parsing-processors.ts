import { z } from 'zod';
import { flag, oneOf, text } from '../../schema/leaf.ts';

/** Processors that make a document of what a record holds. */
export const parsingProcessors = {
  jq: z
    .strictObject({
      query: text().meta({ description: 'The filter. `$metadata` is the metadata of the record.' }),
      raw: flag().prefault(false).meta({ description: 'Give the filter the record as a text, whatever it holds.' }),
      output_raw: flag().prefault(false).meta({ description: 'Write texts without quotes, and several results one behind the other.' }),
    })
    .meta({
      description:
        'Makes each record what a [jq](https://jqlang.org) filter makes of it: an array where it makes several, and no record where it makes nothing.',
    }),
  jmespath: z
    .strictObject({ query: text().meta({ description: 'The query; where it finds nothing the record becomes `null`.' }) })
    .meta({ description: 'Makes each record what a [JMESPath](https://jmespath.org) query finds in it. Numbers become floats.' }),
  grok: z
    .strictObject({
      expressions: z
        .array(text())
        .prefault([])
        .meta({ description: 'Grok expressions; the first one that finds something makes the record. `%{WORD:name:int}` has a type.' }),
      pattern_definitions: z.record(z.string(), text()).prefault({}).meta({ description: 'Patterns that the expressions may name.' }),
      pattern_paths: z
        .array(text())
        .prefault([])
        .meta({ description: 'Files, or folders of files, whose lines are each a name, a space and a pattern.' }),
      named_captures_only: flag().prefault(true).meta({ description: 'Only patterns with a field name make fields.' }),
      use_default_patterns: flag().prefault(true).meta({ description: 'Whether the usual patterns of grok are there.' }),
      remove_empty_values: flag().prefault(true).meta({ description: 'Leave out fields that are empty.' }),
    })
    .meta({ description: 'Makes a document of a text by grok expressions, which are regular expressions of named parts.' }),
  parse_log: z
    .strictObject({
      format: oneOf('syslog_rfc5424', 'syslog_rfc3164').meta({ description: 'The form of the lines.' }),
      best_effort: flag()
        .prefault(true)
        .meta({ description: 'Keep what was read of a `syslog_rfc3164` line that goes on in an unforeseen way.' }),
      allow_rfc3339: flag().prefault(true).meta({ description: 'Whether `syslog_rfc3164` may have times of RFC 3339.' }),
      default_year: text()
        .prefault('current')
        .meta({ description: 'The year of `syslog_rfc3164` times: a number, `current`, or empty for the year 0.' }),
      default_timezone: text().prefault('UTC').meta({ description: 'The zone in which `syslog_rfc3164` times are shown.' }),
      codec: text().optional().meta({ description: 'Without effect; the result is JSON.' }),
    })
    .meta({ description: 'Makes a document of a syslog line.' }),
};
