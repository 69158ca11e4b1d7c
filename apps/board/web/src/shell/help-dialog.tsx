import { useLayoutEffect, useRef } from 'preact/hooks';
import { isHelpOpen } from './help.ts';
import { areShortcutsOn, GOALS, setShortcuts } from './shortcuts.ts';

export function HelpDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const shown = isHelpOpen.value;
  useLayoutEffect(() => {
    if (shown) dialog.current!.showModal();
  }, [shown]);
  if (!shown) return null;
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby="help-title"
      onClose={() => {
        isHelpOpen.value = false;
      }}
    >
      <form method="dialog">
        <h2 id="help-title">Keyboard</h2>
        <dl class="keys">
          {Object.entries(GOALS).map(([key, { title }]) => (
            <div key={key}>
              <dt>
                <kbd>g</kbd> <kbd>{key}</kbd>
              </dt>
              <dd>{title}</dd>
            </div>
          ))}
          <div>
            <dt>
              <kbd>/</kbd>
            </dt>
            <dd>Filter the table</dd>
          </div>
          <div>
            <dt>
              <kbd>t</kbd>
            </dt>
            <dd>Theme: the system’s, light, dark</dd>
          </div>
          <div>
            <dt>
              <kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd>
            </dt>
            <dd>Walk in a grid of shards or lanes</dd>
          </div>
          <div>
            <dt>
              <kbd>?</kbd>
            </dt>
            <dd>This list</dd>
          </div>
        </dl>
        <label class="check">
          <input type="checkbox" checked={areShortcutsOn.value} onChange={(event) => setShortcuts(event.currentTarget.checked)} />
          Shortcuts of single keys
        </label>
        <div class="dialog-buttons">
          <button type="submit" class="button button-primary">
            Close
          </button>
        </div>
      </form>
    </dialog>
  );
}
