/** A metric with its values, as a registry of prom-client gives them. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly FamilyValue[];
}

export interface FamilyValue {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
  /** `NAME_bucket` and the like; the metric's name where absent. */
  readonly metricName?: string;
  readonly exemplar?: { readonly labelSet: Readonly<Record<string, string>>; readonly value: number };
}
