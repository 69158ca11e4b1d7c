/** What becomes of the subscription to a shard. */
export type FanOutReport =
  | { readonly type: 'shard.subscribed' }
  /** The shard is polled until the pause is over. */
  | { readonly type: 'shard.unsubscribed'; readonly error: unknown; readonly pauseMs: number };
