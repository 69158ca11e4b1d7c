/** Documents of several inputs, joined by an id. All of an iteration are in memory until its last input has ended. */
import { documentContent, openDocument } from '@sluice/bloblang';
import { BloblangError, isArray, isObject, type Value, type ValueObject } from '@sluice/values';
import type { ComponentContext } from '../component.ts';
import type { Input, Settle } from '../delivery.ts';
import { redelivering } from '../stages/redelivering.ts';

export interface JoinOptions {
  /** `outer`: only ids that the last input has. */
  readonly type: 'none' | 'full-outer' | 'outer';
  readonly id_path: string;
  /** How often the inputs are read: each time a part of the ids is joined. */
  readonly iterations: number;
  readonly merge_strategy: 'array' | 'replace' | 'keep';
}

interface Joined {
  document: ValueObject;
  isInLast: boolean;
  readonly settles: Settle[];
}

/** Reads the inputs in turn, then delivers a document for each id. A message without the id is delivered as it is. */
export function joining(inputs: readonly Input[], options: JoinOptions, context: ComponentContext): Input {
  const { iterations, id_path: idPath, merge_strategy: strategy, type } = options;
  const read: Input = async (deliver, signal) => {
    for (let iteration = 0; iteration < iterations && !signal.aborted; iteration++) {
      const joined = new Map<string, Joined>();
      for (const [place, input] of inputs.entries()) {
        if (signal.aborted) break;
        await input(async ({ messages, settle }) => {
          const part = settleEach(messages.length, settle);
          for (const message of messages) {
            const document = documentIn(message.content);
            const id = document && idIn(document, idPath);
            if (document === undefined || id === undefined) await deliver({ messages: [message], settle: part });
            else if (hashOf(id) % iterations !== iteration) part();
            else add(joined, id, document, { idPath, strategy, settle: part, isLast: place === inputs.length - 1 });
          }
        }, signal);
      }
      await deliverJoined(joined, type, deliver);
    }
  };
  const { outstanding, clock, signal } = context;
  return redelivering(read, { replays: true, outstanding, clock, signal, onDropped: () => undefined });
}

async function deliverJoined(joined: ReadonlyMap<string, Joined>, type: JoinOptions['type'], deliver: Parameters<Input>[0]): Promise<void> {
  for (const { document, isInLast, settles } of joined.values()) {
    const settle: Settle = (failure) => {
      for (const told of settles) told(failure);
    };
    if (type === 'outer' && !isInLast) settle();
    else await deliver({ messages: [{ content: documentContent(document).bytes, metadata: {} }], settle });
  }
}

interface Addition {
  readonly idPath: string;
  readonly strategy: JoinOptions['merge_strategy'];
  readonly settle: Settle;
  readonly isLast: boolean;
}

function add(joined: Map<string, Joined>, id: string, document: ValueObject, { idPath, strategy, settle, isLast }: Addition): void {
  const before = joined.get(id);
  if (!before) {
    joined.set(id, { document, isInLast: isLast, settles: [settle] });
    return;
  }
  before.document = merge(before.document, document, strategy, idPath);
  before.isInLast ||= isLast;
  before.settles.push(settle);
}

/** Fields of both; where they collide the strategy decides, but for the id. */
function merge(first: ValueObject, second: ValueObject, strategy: Addition['strategy'], idPath: string): ValueObject {
  const merged = new Map<string, Value>(Object.entries(first));
  for (const [name, value] of Object.entries(second)) {
    const before = merged.get(name);
    const isId = idPath === name;
    const innerId = idPath.startsWith(`${name}.`) ? idPath.slice(name.length + 1) : '';
    if (before === undefined) merged.set(name, value);
    else if (isObject(before) && isObject(value)) merged.set(name, merge(before, value, strategy, innerId));
    else if (!isId) merged.set(name, collided(before, value, strategy));
  }
  return Object.fromEntries(merged);
}

function collided(first: Value, second: Value, strategy: Addition['strategy']): Value {
  if (strategy === 'keep') return first;
  if (strategy === 'replace') return second;
  return [...(isArray(first) ? first : [first]), ...(isArray(second) ? second : [second])];
}

function documentIn(content: Uint8Array): ValueObject | undefined {
  try {
    const document = openDocument(content).value();
    return isObject(document) ? document : undefined;
  } catch (error) {
    if (error instanceof BloblangError) return undefined;
    throw error;
  }
}

function idIn(document: ValueObject, path: string): string | undefined {
  let value: Value | undefined = document;
  for (const name of path.split('.'))
    value = value !== undefined && isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value === undefined || value === null ? undefined : documentContent(value).bytes.toString();
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** Settles a delivery of `size` messages when each was settled; it failed if one has. */
function settleEach(size: number, settle: Settle): Settle {
  let left = size;
  let failed: Error | undefined;
  return (failure) => {
    failed ??= failure;
    if (--left === 0) settle(failed);
  };
}
