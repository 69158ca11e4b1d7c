import { isReadOnly } from '../live/live.ts';
import type { ActionOffer } from './action.ts';
import { currentAction } from './current-action.ts';

export interface ActionButtonProps {
  readonly offer: ActionOffer;
  /** @default the verb of the offer */
  readonly text?: string;
  /** Called when it was done. */
  readonly onDone?: () => void;
  readonly isSmall?: boolean;
  /** Why it cannot be done now. */
  readonly obstacle?: string | undefined;
}

/** Opens the dialog of an action. Where the board is read-only it stays and says why. */
export function ActionButton({ offer, text = offer.verb, onDone = () => undefined, isSmall, obstacle }: ActionButtonProps) {
  const why = isReadOnly.value ? 'This board is read-only' : obstacle;
  const classes = ['button', isSmall && 'button-small', offer.isDanger && 'button-danger'].filter(Boolean).join(' ');
  return (
    <button
      type="button"
      class={classes}
      aria-label={isSmall ? offer.title : undefined}
      disabled={why !== undefined}
      title={why}
      onClick={() => {
        currentAction.value = { offer, onDone };
      }}
    >
      {text}
    </button>
  );
}
