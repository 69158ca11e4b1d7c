import { signal } from '@preact/signals';
import type { ActionOffer } from './action.ts';

export interface CurrentAction {
  readonly offer: ActionOffer;
  /** Called when it was done. */
  readonly onDone: () => void;
}

/** The one that the dialog is about. */
export const currentAction = signal<CurrentAction | undefined>(undefined);
