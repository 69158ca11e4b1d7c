import { describe, expect, it } from 'vitest';
import { animate } from './animate.ts';
import { Screen } from './screen.ts';

const textOf = (screen: Screen) => screen.lines().map((pieces) => pieces.map(({ text }) => text).join(''));

describe('a screen', () => {
  it('shows what a command redraws', () => {
    const screen = new Screen(20, 5);
    screen.write('one\r\n10 %\r\n');
    screen.write('\x1b[1A\x1b[2K\x1b[G20 %\r\n');
    expect(textOf(screen)).toEqual(['one', '20 %', '']);
  });

  it('scrolls, and breaks long lines', () => {
    const screen = new Screen(4, 2);
    screen.write('a\r\nabcdef');
    expect(textOf(screen)).toEqual(['abcd', 'ef']);
  });

  it('knows colours', () => {
    const screen = new Screen(20, 2);
    screen.write('\x1b[32mok\x1b[0m done');
    expect(screen.lines()).toEqual([
      [
        { text: 'ok', style: 'green' },
        { text: ' done', style: '' },
      ],
    ]);
  });
});

describe('an animation', () => {
  const svg = animate(
    [
      { atMs: 0, output: '$ <go>\r\n' },
      { atMs: 1_000, output: 'half' },
      { atMs: 2_000, output: '\r\x1b[Kwhole' },
    ],
    { title: 't', columns: 20, rows: 3, restMs: 2_000 },
  );

  it('has each line for as long as it is seen', () => {
    expect(svg.match(/<text[^>]*>[^<]*/g)).toEqual([
      expect.stringMatching(/id="l0" class="t".*>half$/),
      expect.stringMatching(/id="l1" class="t last".*>\$ &lt;go&gt;$/),
      expect.stringMatching(/id="l2" class="t last".*>whole$/),
    ]);
    expect(svg).toContain('@keyframes k0 { 0% { visibility: hidden } 25.00% { visibility: visible } 50.00% { visibility: hidden } }');
  });

  it('moves only where motion is wanted', () => {
    expect(svg).toMatch(/@media \(prefers-reduced-motion: no-preference\) \{\s+\.t \{ visibility: hidden; animation/);
  });
});
