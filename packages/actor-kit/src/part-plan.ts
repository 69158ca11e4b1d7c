/** What a configuration asks of one part of a worker, such as an egress. */
export interface PartPlan<Logic> {
  /** Everything of the configuration that the part is made of. While it stays equal, a new configuration leaves the part untouched. */
  readonly basis: unknown;
  /** The logic of the part. Throws where it cannot work as configured. */
  create(): Logic;
}
