import { Screen } from './screen.ts';

/** What a program wrote, and when, from the start of the recording. */
export interface Chunk {
  readonly atMs: number;
  readonly output: string;
}

export interface AnimationOptions {
  readonly title: string;
  readonly columns: number;
  readonly rows: number;
  /** How long the last picture stays before the animation begins again. */
  readonly restMs: number;
}

const CHARACTER = { width: 8.4, height: 20 };
const MARGIN = 16;
const BAR = 34;
const FRAME_MS = 250;

const STYLE = `
    text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; fill: #d6deeb; white-space: pre; }
    .red { fill: #ff8080 } .green { fill: #7ee0a8 } .yellow { fill: #ffd479 } .blue { fill: #82aaff } .magenta { fill: #d9a0ff }
    .cyan { fill: #7fdbca } .dim { fill: #8a9bb0 } .bold { font-weight: 700 } .t { visibility: hidden } .last { visibility: visible }`;

/**
 * A terminal recording as an SVG that moves by itself: each line that was ever seen is in it once for each time at which it was seen.
 * Where less motion is asked for, it is the last picture.
 */
export function animate(chunks: readonly Chunk[], { title, columns, rows, restMs }: AnimationOptions): string {
  const endMs = (chunks.at(-1)?.atMs ?? 0) + restMs;
  const seen = seenLines(framesOf(chunks, columns, rows), endMs);
  const percent = (atMs: number) => `${((atMs / endMs) * 100).toFixed(2)}%`;
  const rules = seen.map(({ fromMs, toMs }, index) => {
    const hides = toMs < endMs ? ` ${percent(toMs)} { visibility: hidden }` : '';
    return `      @keyframes k${index} { 0% { visibility: ${fromMs === 0 ? 'visible' : 'hidden'} } ${percent(fromMs)} { visibility: visible }${hides} }\n      #l${index} { animation-name: k${index} }`;
  });
  const texts = seen.map(({ row, markup, toMs }, index) => {
    const y = BAR + MARGIN + (row + 0.75) * CHARACTER.height;
    return `  <text id="l${index}" class="t${toMs >= endMs ? ' last' : ''}" x="${MARGIN}" y="${y}" xml:space="preserve">${markup}</text>`;
  });
  const width = Math.ceil(columns * CHARACTER.width + 2 * MARGIN);
  const height = BAR + 2 * MARGIN + rows * CHARACTER.height;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
  <title>${escaped(title)}</title>
  <style>${STYLE}
    @media (prefers-reduced-motion: no-preference) {
      .t { visibility: hidden; animation: ${endMs}ms step-end infinite }
${rules.join('\n')}
    }
  </style>
  <rect width="${width}" height="${height}" rx="10" fill="#0b1622"/>
  <g fill="#33475b"><circle cx="20" cy="18" r="6"/><circle cx="40" cy="18" r="6"/><circle cx="60" cy="18" r="6"/></g>
${texts.join('\n')}
</svg>
`;
}

interface Frame {
  readonly atMs: number;
  /** The markup of each row. */
  readonly rows: readonly string[];
}

interface SeenLine {
  readonly row: number;
  readonly markup: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The screen at each moment at which it changed, a few times a second at most. */
function framesOf(chunks: readonly Chunk[], columns: number, rows: number): Frame[] {
  const screen = new Screen(columns, rows);
  const frames: Frame[] = [];
  for (const [index, { atMs, output }] of chunks.entries()) {
    screen.write(output);
    const next = chunks[index + 1];
    if (next && Math.floor(next.atMs / FRAME_MS) === Math.floor(atMs / FRAME_MS)) continue;
    frames.push({ atMs: frames.length === 0 ? 0 : atMs, rows: screen.lines().map(markupOf) });
  }
  return frames;
}

function seenLines(frames: readonly Frame[], endMs: number): SeenLine[] {
  const seen: SeenLine[] = [];
  const current = new Map<number, { markup: string; fromMs: number }>();
  const close = (row: number, toMs: number) => {
    const line = current.get(row);
    if (line && line.markup !== '') seen.push({ row, ...line, toMs });
  };
  for (const { atMs, rows } of frames) {
    for (let row = 0; row < Math.max(rows.length, current.size); row++) {
      const markup = rows[row] ?? '';
      if (current.get(row)?.markup === markup) continue;
      close(row, atMs);
      current.set(row, { markup, fromMs: atMs });
    }
  }
  for (const row of current.keys()) close(row, endMs);
  return seen;
}

const markupOf = (pieces: readonly { text: string; style: string }[]): string =>
  pieces
    .map(({ text, style }) => (style === '' ? escaped(text) : `<tspan class="${style}">${escaped(text)}</tspan>`))
    .join('')
    .trimEnd();

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
