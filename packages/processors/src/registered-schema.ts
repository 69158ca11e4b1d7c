/** A schema as a registry keeps it under an id. */
export interface RegisteredSchema {
  /** `AVRO`, `JSON`, `PROTOBUF`, or another one that the registry knows. */
  readonly type: string;
  readonly text: string;
  /** Schemas that it names, and those that they name, each before its first use. */
  readonly references: readonly string[];
}
