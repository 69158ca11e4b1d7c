import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { type ChartData, summaryOf } from '../model/chart-data.ts';
import { isDark } from '../preferences/theme.ts';
import { chartOptions } from './chart-options.ts';

export interface ChartProps {
  readonly title: string;
  readonly data: ChartData;
  readonly unit: string;
  readonly text: (value: number) => string;
}

const HEIGHT = 200;

/** The last hour as lines; the same in words below, for those who cannot see it. */
export function Chart({ title, data, unit, text }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const names = data.lines.map(({ name }) => name).join('\n');
  const isDrawnDark = isDark.value;

  useEffect(() => {
    const element = box.current!;
    plot.current = new uPlot(
      chartOptions(element, data.lines, { width: element.clientWidth, height: HEIGHT, text }),
      toPlot(data),
      element,
    );
    const watcher = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [names, isDrawnDark]);
  useEffect(() => plot.current?.setData(toPlot(data)), [data]);

  return (
    <figure class="chart">
      <figcaption>
        <h3>
          {title} <span class="muted">{unit}</span>
        </h3>
        <Legend data={data} text={text} />
        <span class="sr-only">{`The last hour, ${unit}. ${summaryOf(data, text)}`}</span>
      </figcaption>
      <div ref={box} class="chart-canvas" aria-hidden="true" />
    </figure>
  );
}

const Legend = ({ data, text }: Pick<ChartProps, 'data' | 'text'>) => (
  <ul class="legend" aria-hidden="true">
    {data.lines.map(({ name, values }, index) => {
      const now = values.findLast((value) => value !== null);
      return (
        <li key={name} class={`line-${index % 6}`}>
          <span class="legend-name">{name}</span>
          <span class="legend-value">{now === undefined || now === null ? '–' : text(now)}</span>
        </li>
      );
    })}
  </ul>
);

const toPlot = ({ times, lines }: ChartData): uPlot.AlignedData =>
  [[...times], ...lines.map(({ values }) => [...values])] as uPlot.AlignedData;
