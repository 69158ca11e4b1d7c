/** Recorded cases that Sluice answers otherwise on purpose, by id, each with its reason. They are listed in docs/differences.md too. */
const NAMELESS = 'a stream without a name cannot be written; the original starts and waits for ever';
const READS_NOTHING = 'an input without streams reads nothing; the original starts and says nothing';

export const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ['out-stream-null', NAMELESS],
  ['out-stream-empty', NAMELESS],
  ['env-setempty', NAMELESS],
  ['out-cred-idonly', 'half an access key signs nothing; the original starts and every request fails'],
  ['in-none', READS_NOTHING],
  ['in-streamsempty', READS_NOTHING],
  ['in-streamsnullitem', READS_NOTHING],
  [
    'proc-mapping-folded',
    'the line within the folded text is named; the original names that of its first one, with a column beyond its end',
  ],
  ['proc-switch-badcheck', 'a case without processors is reported beside the bad check; the original finds it at start'],
  ['proc-type-plugin', 'a `plugin` may be a text, as the field of the type itself; the original takes objects only'],
  ['root-metrics-prom', 'Sluice serves Prometheus metrics; the recorded build of the original has none'],
  ['root-res-cache-unknown', 'a component that there is not is reported at its name; the original names the first line around it'],
  ['root-res-cache-ttl', 'a `default_ttl` that is no duration is refused; the original finds it when the cache is first used'],
  ['res-r-bad', 'a component that there is not is reported at its name; the original names the first line around it'],
  ['root-res-cache-unknown', 'a component that there is not is reported at its name; the original names the first line around it'],
  ['root-res-cache-ttl', 'a bad duration of a cache is refused; the original finds it when the cache is first used'],
  ['io-dynamic', 'Sluice has no input `dynamic`'],
  ['tmpl-expandbad', 'an unknown field in what a template makes is reported; the original ignores it'],
  ['yaml-dashes', 'an empty document is reported where it begins, not behind its marker'],
]);
