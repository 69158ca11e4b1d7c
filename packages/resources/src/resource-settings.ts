/** One resource as configured. */
export interface ResourceSettings {
  readonly label: string;
  readonly type: string;
  readonly options: ResourceOptions;
}

/** Fields of its kind with their defaults, durations in milliseconds. */
export type ResourceOptions = Readonly<Record<string, unknown>>;

/** Values that are in a cache from the start. */
export const initialValues = ({ init_values: values }: ResourceOptions): [key: string, value: Uint8Array][] =>
  Object.entries(values as Readonly<Record<string, string>>).map(([key, text]) => [key, Buffer.from(text)]);
