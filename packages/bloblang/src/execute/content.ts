import { encodeJson, encodeText, type Value } from '@sluice/values';

/** The content of a message whose document is `value`. What JSON cannot say (NaN, say) leaves it empty, as in the original. */
export function contentOf(value: Value): Uint8Array {
  if (typeof value === 'string') return encodeText(value);
  if (value instanceof Uint8Array) return value;
  return documentContent(value);
}

/** As {@link contentOf}, but a text is a JSON string. */
export function documentContent(value: Value): Uint8Array {
  let text: string;
  try {
    text = encodeJson(value);
  } catch {
    return new Uint8Array();
  }
  return encodeText(text);
}
