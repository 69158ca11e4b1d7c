/** What becomes of dead letters where they have an output or a limit. Reported by the one worker that sees to it. */
export type DeadLetterEvent =
  /** The output has confirmed them; they have left Redis. */
  | { readonly type: 'deadLetters.sent'; readonly target: string; readonly records: number }
  /** The output will never take it. It stays in Redis. */
  | { readonly type: 'deadLetter.kept'; readonly target: string; readonly id: string; readonly code: string; readonly reason: string }
  /** The output failed; those it did not confirm are sent again after a pause. */
  | { readonly type: 'deadLetters.failing'; readonly code: string; readonly reason: string; readonly attempt: number }
  /** The output confirms again. */
  | { readonly type: 'deadLetters.recovered' }
  /** Of those of a target that are in Redis. */
  | {
      readonly type: 'deadLetters.measured';
      readonly target: string;
      readonly records: number;
      readonly bytes: number;
      /** Age of the oldest. */
      readonly seconds: number;
      /** Of the limit that is nearest, 1 = reached; absent where there is none. */
      readonly share?: number;
    }
  /** This worker does not measure them any more. */
  | { readonly type: 'deadLetters.measureEnded'; readonly target: string }
  /** Half of a limit is reached. */
  | { readonly type: 'deadLetters.growing'; readonly target: string; readonly limit: string; readonly reason: string }
  /** A limit is reached: no worker takes anything for the target. */
  | { readonly type: 'deadLetters.targetPaused'; readonly target: string; readonly limit: string; readonly reason: string }
  | { readonly type: 'deadLetters.targetResumed'; readonly target: string }
  | { readonly type: 'deadLetters.measureFailed'; readonly code: string; readonly reason: string };
