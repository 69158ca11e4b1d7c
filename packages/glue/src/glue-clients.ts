import type { AwsSettings, ClientSettingsOptions } from '@sluice/credentials';
import { type GlueSchemas, type OpenGlue, ResourceError } from '@sluice/processors';
import type { SchemaReader } from './open-reader.ts';

export interface GlueClients {
  readonly open: OpenGlue;
  /** Ends all connections; what is asked for later opens new ones. */
  close(): Promise<void>;
}

/** Opens clients, each with connections of its own. The SDK is loaded, and a region looked for, with the first schema that is asked for. */
export function glueClients(options: Omit<ClientSettingsOptions, 'service'>): GlueClients {
  const closes: (() => Promise<void>)[] = [];

  function open(aws: AwsSettings): GlueSchemas {
    let reader: Promise<SchemaReader> | undefined;
    closes.push(async () => {
      const last = reader;
      reader = undefined;
      (await last?.catch(() => undefined))?.[Symbol.dispose]();
    });

    async function connect(): Promise<SchemaReader> {
      const { openReader } = await import('./open-reader.ts');
      return openReader(aws, options);
    }

    async function version(id: string, signal: AbortSignal) {
      reader ??= connect();
      const mine = reader;
      mine.catch(() => {
        // There may be a region later.
        if (reader === mine) reader = undefined;
      });
      try {
        return await (await mine).read(id, signal);
      } catch (cause) {
        signal.throwIfAborted();
        throw new ResourceError(`schema '${id}' cannot be had from AWS Glue: ${reasonOf(cause)}`, { cause });
      }
    }

    return { version };
  }

  return { open, close: async () => void (await Promise.all(closes.map((close) => close()))) };
}

// The first line: the SDK adds advice for its own users below it.
const reasonOf = (cause: unknown): string => (cause instanceof Error ? `${cause.name}: ${cause.message.split('\n', 1)[0]}` : String(cause));
