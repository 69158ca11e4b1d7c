import { useState } from 'preact/hooks';
import { decodeBase64, hexOf, textOf } from '../model/data-view.ts';

/** The data of a record: as text where it is text, and as hex. */
export function DataText({ base64 }: { readonly base64: string }) {
  const bytes = decodeBase64(base64);
  const text = textOf(bytes);
  const [isHex, setHex] = useState(text === undefined);
  return (
    <div class="data-text">
      {text !== undefined && (
        <button type="button" class="button button-small" aria-pressed={isHex} onClick={() => setHex(!isHex)}>
          Hex
        </button>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label={isHex ? 'Data as hex' : 'Data as text'}>
        <pre>{isHex || text === undefined ? hexOf(bytes) : text}</pre>
      </section>
    </div>
  );
}
