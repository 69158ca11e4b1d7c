/** What the model test has functions do, as records of Kinesis and as messages between functions; all JSON. */

export const NAMESPACE = 'model';
export const CELL = 'cell';
/** A second type with the same ids: tokens are shared between types. */
export const TWIN = 'twin';
export const COMMAND = 'model/command';
export const MESSAGE = 'model/message';
export const STREAM_OUT = 'out';
/** The token of a delayed message that must never arrive. */
export const ALARM = 'alarm';

/** A record for a cell; `n` numbers all commands. */
export type Command = { readonly n: number } & (
  | { readonly do: 'add'; readonly amount: number }
  | { readonly do: 'send'; readonly to: string; readonly amount: number }
  | { readonly do: 'later'; readonly to: string; readonly amount: number; readonly delayMs: number }
  /** A delayed message that a later command may cancel: it arrives once, or not at all if it was cancelled. */
  | { readonly do: 'race'; readonly to: string; readonly delayMs: number }
  | { readonly do: 'cancel'; readonly race: number }
  /** Cancels the alarm if there is one, and sets one for an hour later. */
  | { readonly do: 'arm' }
  | { readonly do: 'disarm' }
  /** The twin cancels the alarm. */
  | { readonly do: 'disarm by twin' }
  | { readonly do: 'write' }
  | { readonly do: 'mark'; readonly as: Mark }
  /** What the cell must have done by now: commands come in order. */
  | { readonly do: 'verify'; readonly commands: number; readonly added: number }
  /** The call fails so often, in this way, before it succeeds. */
  | { readonly do: 'fail'; readonly how: Failure; readonly times: number }
);

export type Mark = 'absent' | 'empty' | 'text';
/** How a call fails; `hang` does not answer within the time of the call. */
export type Failure = 'status' | 'reset' | 'garbage' | 'unknown egress' | 'unknown state' | 'hang';

/** A message between cells. `fromMs` is the time of the call that sent it. */
export type Message =
  | { readonly kind: 'sent'; readonly from: string; readonly sequence: number; readonly amount: number }
  | { readonly kind: 'later'; readonly from: string; readonly amount: number; readonly notBeforeMs: number }
  | { readonly kind: 'race'; readonly from: string; readonly n: number; readonly notBeforeMs: number }
  | { readonly kind: 'alarm' }
  | { readonly kind: 'disarm' };

export const raceToken = (n: number): string => `race-${n}`;

/** What a cell writes to the egress: numbered through by the cell; `n` is the command that caused it. */
export interface Written {
  readonly id: string;
  readonly sequence: number;
  readonly n: number;
}
