import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { StreamOverview } from '../../api/types.ts';
import { flowPath } from '../../model/flow-path.ts';

interface Line {
  readonly key: string;
  readonly path: string;
  readonly flows: boolean;
}

/** Where on a card a line ends: the middle of its head. */
const JOINT = 26;

/** Lines from each stream to what it feeds, drawn between the columns. An ornament: the stream's page names its targets. */
export function FlowLines({ streams }: { readonly streams: readonly StreamOverview[] }) {
  const svg = useRef<SVGSVGElement>(null);
  const [lines, setLines] = useState<readonly Line[]>([]);
  const measure = () => {
    const found = svg.current ? linesOf(svg.current, streams) : [];
    setLines((before) => (JSON.stringify(before) === JSON.stringify(found) ? before : found));
  };
  useLayoutEffect(measure);
  useLayoutEffect(() => {
    const watcher = new ResizeObserver(measure);
    watcher.observe(svg.current!.parentElement!);
    return () => watcher.disconnect();
  }, []);
  return (
    <svg ref={svg} class="flow-lines" aria-hidden="true">
      {lines.map(({ key, path, flows }) => (
        <path key={key} class={flows ? 'flow-line is-flowing' : 'flow-line'} d={path} />
      ))}
    </svg>
  );
}

function linesOf(svg: SVGSVGElement, streams: readonly StreamOverview[]): Line[] {
  const { top, width } = svg.getBoundingClientRect();
  const places = new Map<string, number>();
  for (const card of svg.parentElement!.querySelectorAll<HTMLElement>('[data-card]')) {
    places.set(card.dataset['card']!, Math.round(card.getBoundingClientRect().top - top + JOINT));
  }
  return streams.flatMap(({ source, targets, recordsPerSecond }) =>
    targets.flatMap((target): Line[] => {
      const [from, to] = [places.get(`stream ${source}`), places.get(`target ${target}`)];
      if (from === undefined || to === undefined) return [];
      return [{ key: `${source} ${target}`, path: flowPath(from, to, width), flows: recordsPerSecond > 0 }];
    }),
  );
}
