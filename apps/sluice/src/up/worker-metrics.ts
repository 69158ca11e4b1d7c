/** Sums of the workers' counters that the progress line shows. */
export interface WorkerFigures {
  /** Records read from the source. */
  readonly read: number;
  /** Records confirmed by the destination. */
  readonly written: number;
  readonly deadLettered: number;
  /** The shard that is furthest behind, in seconds. */
  readonly lagSeconds: number;
}

const SAMPLE = /^(sluice_\w+)(?:\{[^}]*\})? ([\d.eE+-]+)$/gm;

/** Reads the figures out of the text that `/metrics` answers. */
export function figuresOf(text: string): WorkerFigures {
  const sums = new Map<string, number>();
  let lagSeconds = 0;
  for (const [, name, amount] of text.matchAll(SAMPLE)) {
    sums.set(name!, (sums.get(name!) ?? 0) + Number(amount));
    if (name === 'sluice_ingress_lag_seconds') lagSeconds = Math.max(lagSeconds, Number(amount));
  }
  const sum = (name: string) => sums.get(name) ?? 0;
  return {
    read: sum('sluice_ingress_records_total'),
    written: sum('sluice_egress_records_total'),
    deadLettered: sum('sluice_dead_letters_total'),
    lagSeconds,
  };
}

/** Asks every worker; one that does not answer counts as nothing. */
export async function fetchFigures(urls: readonly string[]): Promise<WorkerFigures> {
  const texts = await Promise.all(urls.map(metricsText));
  return figuresOf(texts.join('\n'));
}

const metricsText = (url: string): Promise<string> =>
  fetch(`${url}/metrics`, { signal: AbortSignal.timeout(1_000) }).then(
    (answer) => answer.text(),
    () => '',
  );
