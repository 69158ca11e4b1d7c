import type uPlot from 'uplot';
import type { ChartLine } from '../model/chart-data.ts';

/** Beside its colour each line has a dash of its own. */
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [9, 3, 2, 3], [4, 2], [1, 2]];

interface Look {
  readonly width: number;
  readonly height: number;
  readonly text: (value: number) => string;
}

const clock = (seconds: number): string => {
  const date = new Date(seconds * 1_000);
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
};

/** Colours come from the style sheet, so that they follow the theme. */
export function chartOptions(element: Element, lines: readonly ChartLine[], { width, height, text }: Look): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--text-muted'),
    font: `11px ${color('--font')}`,
    ticks: { show: false },
    grid: { stroke: color('--line'), width: 1 },
  };
  return {
    ...{ width, height, padding: [10, 6, 0, 0] },
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.12 : 1] } },
    axes: [
      { ...axis, grid: { show: false }, size: 26, space: 70, values: (_, ticks) => ticks.map(clock) },
      { ...axis, size: 58, space: 40, values: (_, ticks) => ticks.map(text) },
    ],
    series: [
      {},
      ...lines.map(({ name }, index): uPlot.Series => {
        const stroke = color(`--line-${index % 6}`);
        return {
          ...{ label: name, stroke, width: 1.75, dash: [...DASHES[index % 6]!], points: { show: false }, spanGaps: false },
          ...(lines.length === 1 && { fill: color('--line-fill') }),
        };
      }),
    ],
  };
}
