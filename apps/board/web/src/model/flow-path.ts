/** A line from the left edge at one height to the right edge at another, level at both ends. */
export const flowPath = (from: number, to: number, width: number): string =>
  from === to ? `M0 ${from}H${width}` : `M0 ${from}C${width / 2} ${from} ${width / 2} ${to} ${width} ${to}`;
