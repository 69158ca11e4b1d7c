import type { LogLevel } from '@sluice/core';
import type { DurationTally } from '../duration-tally.ts';

/** What an event means for the log and for the metrics. Labels and amounts are fields of the event, so that none can be missing. */
export interface EventRule<Event> {
  /** The log line's level, or `undefined` for an event that is only counted. */
  readonly level: LogLevel | undefined;
  readonly message: string;
  readonly metrics: ReadonlyArray<MetricRule<Event>>;
  /** Gauges whose values for these labels end with this event. */
  readonly ends?: { readonly gauges: readonly MetricName[]; readonly labels: ReadonlyArray<TextField<Event>> };
}

export interface MetricRule<Event> {
  readonly name: MetricName;
  readonly help: string;
  /** `tally`: a histogram whose event brings many observations. */
  readonly kind: 'counter' | 'gauge' | 'histogram' | 'tally';
  readonly labels: ReadonlyArray<TextField<Event>>;
  /** Values of a label that are known beforehand: a counter starts at 0 for each, so that `increase()` sees the first event. */
  readonly known?: { readonly [Label in TextField<Event>]?: ReadonlyArray<Event[Label]> };
  /** The field that holds the amount. A counter without one counts events; where the field is absent nothing is changed. */
  readonly amount?: NumberField<Event>;
  /** Upper bounds, for a histogram. */
  readonly buckets?: readonly number[];
  /** Gauges over the values of this one. */
  readonly rollups?: readonly Rollup[];
}

/** The largest, or the sum, of the values of a gauge that share these labels. */
export interface Rollup {
  readonly name: MetricName;
  readonly help: string;
  readonly labels: readonly string[];
  readonly by: 'max' | 'sum';
}

export type MetricName = `sluice_${string}`;

/** Only what is always there and text can be a label; `type` is the same in all events of a rule. */
export type TextField<Event> = Exclude<FieldOf<Event, string>, 'type'>;

type NumberField<Event> = FieldOf<Event, number | undefined> | FieldOf<Event, DurationTally | undefined>;

type FieldOf<Event, Value> = { [Field in keyof Event]-?: Event[Field] extends Value ? Field : never }[keyof Event] & string;
