import { posix } from 'node:path';
import { ContentError } from './failure.ts';
import type { HttpClient } from './http-port.ts';
import type { ReferredSchema, RegisteredSchema } from './registered-schema.ts';

interface Answer {
  readonly schema: string;
  readonly schemaType?: string;
  readonly references?: readonly Reference[];
}

interface Reference {
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

/** A schema registry that has Confluent's HTTP interface. */
export class SchemaRegistry {
  readonly #client: HttpClient;
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(client: HttpClient, base: URL, headers: Readonly<Record<string, string>>) {
    this.#client = client;
    this.#base = base;
    this.#headers = headers;
  }

  /** @throws {ContentError} there is no such schema, or it cannot be had just now */
  async schemaOf(id: number, signal: AbortSignal): Promise<RegisteredSchema> {
    const { schema, schemaType: type = 'AVRO', references = [] } = await this.#get(`schemas/ids/${id}`, `${id}`, signal);
    const found = new Map<string, ReferredSchema | undefined>();
    await this.#collect(references, found, signal);
    return { type: type === '' ? 'AVRO' : type, text: schema, references: [...found.values()].filter((schema) => schema !== undefined) };
  }

  async #collect(references: readonly Reference[], found: Map<string, ReferredSchema | undefined>, signal: AbortSignal): Promise<void> {
    for (const { name, subject, version } of references) {
      const key = `${subject}/${version}`;
      if (found.has(key)) continue;
      // Noted at once, so that schemas that refer to each other come to an end.
      found.set(key, undefined);
      const answer = await this.#get(`subjects/${encodeURIComponent(subject)}/versions/${version}`, name, signal);
      await this.#collect(answer.references ?? [], found, signal);
      // Behind those that it names.
      found.delete(key);
      found.set(key, { name, text: answer.schema });
    }
  }

  async #get(path: string, name: string, signal: AbortSignal): Promise<Answer> {
    const url = new URL(this.#base);
    url.pathname = posix.join(url.pathname, path);
    const headers = { Accept: 'application/vnd.schemaregistry.v1+json', ...this.#headers };
    const { answer, problem } = await this.#client.send({ url: url.href, method: 'GET', headers, body: new Uint8Array(0) }, signal);
    if (answer?.status === 404) throw new ContentError(`schema '${name}' not found by registry`);
    if (problem !== undefined) throw new ContentError(`request failed for schema '${name}': ${problem}`);
    return readAnswer(answer!.body, name);
  }
}

function readAnswer(body: Uint8Array, name: string): Answer {
  const answer = parse(body, name) as Partial<Answer> | null;
  if (typeof answer?.schema === 'string') return answer as Answer;
  throw new ContentError(`failed to parse response for schema '${name}': expected a text as \`schema\``);
}

function parse(body: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch (error) {
    throw new ContentError(`failed to parse response for schema '${name}': expected JSON`, { cause: error });
  }
}
