import type { Ingress } from '@sluice/config';
import type { StreamDescription } from '@sluice/kinesis';
import { StreamNamedTwiceError } from '../errors.ts';

/** A name and an ARN may mean one stream: only the service knows, so it is seen when the streams are opened. */
export class NamedOnce {
  readonly #ingress: Pick<Ingress, 'id' | 'streams'>;
  /** By the name that the configuration has. */
  readonly #opened = new Map<string, StreamDescription>();

  constructor(ingress: Pick<Ingress, 'id' | 'streams'>) {
    this.#ingress = ingress;
  }

  /** @throws {StreamNamedTwiceError} shards of it are read under another name too */
  assert(name: string, identity: StreamDescription): void {
    for (const [other, { arn, createdAtMs }] of this.#opened) {
      const isOne = other !== name && arn === identity.arn && createdAtMs === identity.createdAtMs;
      if (isOne && this.#shareShards(other, name)) throw new StreamNamedTwiceError(this.#ingress.id, [other, name], arn);
    }
    this.#opened.set(name, identity);
  }

  #shareShards(...names: readonly [string, string]): boolean {
    const [one, two] = names.map((name) => this.#ingress.streams.find(({ stream }) => stream === name)?.shardIds);
    return !one || !two || one.some((shardId) => two.includes(shardId));
  }
}
