import { describe, expect, it } from 'vitest';
import { decodeBase64, hexOf, textOf } from './data-view.ts';

const bytesOf = (text: string) => decodeBase64(Buffer.from(text).toString('base64'));

describe('the data of a record', () => {
  it('is text where it is text; JSON is indented', () => {
    expect(textOf(bytesOf('Zürich\n'))).toBe('Zürich\n');
    expect(textOf(bytesOf('{"a":1}'))).toBe('{\n  "a": 1\n}');
    expect(textOf(bytesOf('{no json'))).toBe('{no json');
  });

  it('is no text where it holds other bytes', () => {
    expect(textOf(decodeBase64('/wA='))).toBeUndefined();
    expect(textOf(bytesOf('a\u0000b'))).toBeUndefined();
  });

  it('is cut where it is long', () => {
    expect(textOf(bytesOf('x'.repeat(20_000)))).toMatch(/x\n… 3616 characters more$/);
    expect(hexOf(new Uint8Array(5_000))).toMatch(/\n… 904 bytes more$/);
  });

  it('is shown as hexdump shows it', () => {
    expect(hexOf(bytesOf('Sluice, 17 bytes!'))).toBe(
      '00000000  53 6c 75 69 63 65 2c 20 31 37 20 62 79 74 65 73  Sluice, 17 bytes\n00000010  21                                               !',
    );
  });
});
