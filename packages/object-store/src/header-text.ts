/** Whether a text can be sent in a header as it is: ASCII without control characters. */
export const isHeaderText = (text: string): boolean => /^[\t\x20-\x7e]*$/.test(text);

/** Whether a text can be the name of metadata of an object, which is a part of the name of a header. */
export const isMetadataName = (text: string): boolean => /^[\w!#$%&'*+.^`|~-]+$/.test(text);

/** Of an encoded word, so that it stays below the 75 characters that it may have. */
const WORD_BYTES = 45;

/** Other text goes in the encoded words of RFC 2047, which S3 decodes before it stores them. */
export function toMetadataValue(text: string): string {
  if (isHeaderText(text)) return text;
  const words = [''];
  for (const character of text) {
    const last = words.at(-1)! + character;
    if (Buffer.byteLength(last) <= WORD_BYTES) words[words.length - 1] = last;
    else words.push(character);
  }
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ');
}
