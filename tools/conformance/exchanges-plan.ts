/** What the recorded exchanges do not tell: when the messages came. Times in milliseconds, as the text `about` of each scenario has them. */
export interface ScenarioPlan {
  /** Exchanges whose messages come while the one before is still open. */
  readonly whileOpen?: readonly number[];
  /** Pauses before the messages of an exchange come. */
  readonly pauses?: Readonly<Record<number, number>>;
  /**
   * Why the messages of an address may be split into requests otherwise. Then the messages of all its requests are compared, and the rest
   * of each request.
   */
  readonly splitsOtherwise?: string;
  /** The order of what functions send to an address hangs on a few milliseconds between them. Needs `splitsOtherwise`. */
  readonly hasChanceOrder?: boolean;
}

const TOGETHER = 'messages that one answer sends to an address leave as one request, where the original sent the first by itself';

export const PLANS: Readonly<Record<string, ScenarioPlan>> = {
  batch: { whileOpen: [2] },
  'batch-bootstrap': {
    whileOpen: [1, 2, 3],
    splitsOtherwise: 'what comes during the first request of a type leaves as one request, where the original sent each message by itself',
  },
  'boot-blocks-others': { whileOpen: [1] },
  'max-batch': { whileOpen: [2, 3, 4, 5, 6] },
  'parallel-addresses': { whileOpen: Array.from({ length: 40 }, (_, n) => n).slice(2) },
  send: { splitsOtherwise: TOGETHER },
  'send-order': { splitsOtherwise: TOGETHER },
  delay: { splitsOtherwise: 'delayed messages that are due at once leave as one request' },
  cancel: { hasChanceOrder: true, splitsOtherwise: 'delayed messages that are due at about the same time may leave as one request' },
  'expiry-write': { pauses: { 2: 700, 3: 1100, 5: 700, 6: 1000 } },
  'expiry-invoke': { pauses: { 2: 1000, 3: 1000, 4: 1000, 5: 1800 } },
};
