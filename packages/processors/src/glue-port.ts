import type { AwsSettings } from '@sluice/credentials';
import type { RegisteredSchema } from './registered-schema.ts';

/** What `glue_schema_registry_decode` asks of AWS Glue, whose client is made elsewhere. */
export interface GlueSchemas {
  /**
   * @param id of a schema version, a UUID
   * @throws {ResourceError} there is no such schema, or it cannot be had just now
   * Rejects with the reason of the signal once that is aborted.
   */
  version(id: string, signal: AbortSignal): Promise<RegisteredSchema>;
}

export type OpenGlue = (aws: AwsSettings) => GlueSchemas;
