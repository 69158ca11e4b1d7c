/** A stored value of an address. */
export interface StateValue {
  /** The function type, `namespace/name`. */
  readonly type: string;
  readonly id: string;
  readonly name: string;
  /** Of the value. */
  readonly typename: string;
  /** Empty is a value, too. */
  readonly value: Buffer;
  /** Milliseconds since 1970, by the clock of Redis; `undefined` where it does not expire. */
  readonly expiresAtMs?: number;
}
