/**
 * Mappings that people write, against the same work written by hand in TypeScript, in messages a second from bytes to bytes:
 *
 *     node bench/bloblang/run.ts [part of a name] [--rounds 9] [--round-ms 150]
 */
import { parseArgs } from 'node:util';
import { furtherCases, interpolationCases, mappingCases } from './cases.ts';
import { type Measurement, measure, median } from './measure.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '9' }, 'round-ms': { type: 'string', default: '150' } },
});
const options = { rounds: Number(values.rounds), roundMs: Number(values['round-ms']) };
const wanted = positionals[0] ?? '';

print(['case', 'bloblang msg/s', 'hand-written msg/s', 'ratio', 'lowest–highest']);
print(['---', '---:', '---:', '---:', '---:']);
const ratios = mappingCases.filter(isWanted).map((benchCase) => shown(measure(benchCase, options)).ratio);
if (ratios.length > 1) print(['**median mapping**', '', '', `**${median(ratios).toFixed(2)}**`, '']);
for (const benchCase of [...furtherCases, ...interpolationCases].filter(isWanted)) shown(measure(benchCase, options));

function isWanted({ name }: { readonly name: string }): boolean {
  return name.includes(wanted);
}

function shown(measurement: Measurement): Measurement {
  const { name, bloblang, handWritten, ratio, lowestRatio, highestRatio } = measurement;
  const rate = (perSecond: number): string => Math.round(perSecond).toLocaleString('en');
  print([name, rate(bloblang), rate(handWritten), ratio.toFixed(2), `${lowestRatio.toFixed(2)}–${highestRatio.toFixed(2)}`]);
  return measurement;
}

function print(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}
