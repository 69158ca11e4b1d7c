import { type AwsSettings, type ClientSettingsOptions, callOnce, createAwsClientSettings, sdkSettings } from '@sluice/credentials';
import type { RegisteredSchema } from '@sluice/processors';

export interface SchemaReader extends Disposable {
  /** @param id of a schema version, a UUID */
  read(id: string, signal: AbortSignal): Promise<RegisteredSchema>;
}

/** Of each question, with the pauses of the SDK between them. */
const ATTEMPTS = 4;

/** @throws {RegionMissingError} no region is configured and none is found */
export async function openReader(aws: AwsSettings, options: Omit<ClientSettingsOptions, 'service'>): Promise<SchemaReader> {
  // Loaded only where it is used: it is large.
  const { GetSchemaVersionCommand, GlueClient } = await import('@aws-sdk/client-glue');
  const settings = await createAwsClientSettings(aws, { ...options, service: 'GLUE' });
  const client = new GlueClient({ ...sdkSettings(settings), maxAttempts: ATTEMPTS });
  return {
    async read(id, signal) {
      const call = (abortSignal: AbortSignal) => client.send(new GetSchemaVersionCommand({ SchemaVersionId: id }), { abortSignal });
      const { SchemaDefinition: text, DataFormat: type } = await callOnce(call, {
        credentials: settings.credentials,
        signal,
        toError: (cause) => (cause instanceof Error ? cause : new Error(String(cause))),
      });
      if (text === undefined || type === undefined) throw new Error('expected an answer with SchemaDefinition and DataFormat');
      return { type, text, references: [] };
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}
