/** A schema as a registry keeps it under an id. */
export interface RegisteredSchema {
  /** `AVRO`, `JSON`, `PROTOBUF`, or another one that the registry knows. */
  readonly type: string;
  readonly text: string;
  /** Schemas that it names, and those that they name, each before its first use. */
  readonly references: readonly ReferredSchema[];
}

export interface ReferredSchema {
  /** By which schemas refer to it: the name of a type, or of a file that is imported. */
  readonly name: string;
  readonly text: string;
}
