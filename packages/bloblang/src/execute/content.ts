import { encodeDocument, encodeText, UnsupportedValueError, type Value } from '@sluice/values';

/** The bytes of a document, and what it holds that JSON cannot say (NaN, say): the bytes are empty then, as in the original. */
interface Content {
  readonly bytes: Uint8Array;
  readonly loss?: UnsupportedValueError;
}

/** The content of a message whose document is `value`. Throws `BloblangError` if it is nested too deeply or too long. */
export function contentOf(value: Value): Content {
  if (typeof value === 'string') return { bytes: encodeText(value) };
  return value instanceof Uint8Array ? { bytes: value } : documentContent(value);
}

/** As {@link contentOf}, but a text is a JSON string. */
export function documentContent(value: Value): Content {
  try {
    return { bytes: encodeText(encodeDocument(value)) };
  } catch (error) {
    if (error instanceof UnsupportedValueError) return { bytes: new Uint8Array(), loss: error };
    throw error;
  }
}
