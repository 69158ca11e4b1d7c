/**
 * What the control plane says about shards. The service's is eventually consistent: for a while after a reshard its lists
 * may show the shards before it, or leave one out, while records already go to the children and GetRecords names them.
 */
import type { ShardDirectory } from '../operations/operation.ts';
import { asOpen, type ListedShard } from '../store/listed-shard.ts';
import type { Shard } from '../store/shard.ts';
import type { Stream } from '../store/stream.ts';
import type { ControlPlaneFaults, HiddenShard } from './fault-settings.ts';

interface HiddenFor {
  readonly shardId: string;
  readonly stream: string | undefined;
  lists: number;
  iterators: number;
}

export class ControlPlane implements ShardDirectory {
  #lagMs = 0;
  #hidden: HiddenFor[] = [];

  set({ lagMs = 0, hidden = [] }: ControlPlaneFaults): void {
    this.#lagMs = lagMs;
    this.#hidden = [];
    for (const fault of hidden) this.hide(fault);
  }

  hide({ shardId, stream, lists = 0, iterators = 0 }: HiddenShard): void {
    this.#hidden.push({ shardId, stream, lists, iterators });
  }

  /** The shards that a list is made from. */
  shards(stream: Stream, nowMs: number): readonly ListedShard[] {
    if (this.#lagMs === 0) return stream.shards;
    return stream.shards
      .filter((shard) => !this.#isTooNew(shard, nowMs))
      .map((shard) => (shard.closedAtMs !== undefined && nowMs - shard.closedAtMs < this.#lagMs ? asOpen(shard) : shard));
  }

  /** The page of a list as it is sent; uses up the `lists` of the shards that it leaves out. */
  withoutHidden(stream: Stream, page: readonly ListedShard[]): readonly ListedShard[] {
    return this.#hidden.length === 0 ? page : page.filter(({ id }) => !this.#useUp(stream, id, 'lists'));
  }

  /** Whether GetShardIterator finds the shard; uses up one of its `iterators`. */
  finds(stream: Stream, shard: Shard, nowMs: number): boolean {
    return !this.#isTooNew(shard, nowMs) && !this.#useUp(stream, shard.id, 'iterators');
  }

  #isTooNew({ facts: { parentId, createdAtMs } }: Shard, nowMs: number): boolean {
    return parentId !== undefined && nowMs - createdAtMs < this.#lagMs;
  }

  #useUp(stream: Stream, shardId: string, answers: 'lists' | 'iterators'): boolean {
    const hidden = this.#hidden.find(
      (fault) => fault.shardId === shardId && (fault.stream ?? stream.name) === stream.name && fault[answers] > 0,
    );
    if (!hidden) return false;
    hidden[answers]--;
    return true;
  }
}
