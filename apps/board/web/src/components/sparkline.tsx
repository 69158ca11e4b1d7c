import { sparkPath } from '../model/spark-path.ts';

const WIDTH = 120;
const HEIGHT = 28;

/** The last hour as an ornament; the charts below say it in words. */
export function Sparkline({ values }: { readonly values: readonly (number | null)[] }) {
  const { line, area } = sparkPath(values, WIDTH, HEIGHT);
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="sparkline-area" d={area} />
      <path class="sparkline-line" d={line} />
    </svg>
  );
}
