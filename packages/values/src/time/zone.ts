/**
 * Time zones by their IANA name. Offsets come from the engine's own rules (`Intl`), abbreviations, which it lacks for most zones,
 * from a table. Both are remembered by day, because asking `Intl` costs microseconds.
 */
import { ZONE_ABBREVIATIONS } from './zone-abbreviations.ts';

/** What holds in a zone at some time. */
interface ZoneOffset {
  readonly offsetSeconds: number;
  /** `CET`, or empty if the zone is nothing but an offset. */
  readonly abbreviation: string;
}

/** The rules of a time zone. */
export interface Zone {
  /** `UTC`, `Local`, an IANA name, or empty for a zone that is only an offset. */
  readonly name: string;
  /** What holds at a time in seconds since 1970. */
  at(epochSeconds: number): ZoneOffset;
  /** The offset that an abbreviation stands for at a clock time of the zone (seconds since 1970 as if the clock showed UTC), if it is one of the zone's. */
  offsetOf?(abbreviation: string, clockSeconds: number): number | undefined;
}

const UTC_OFFSET: ZoneOffset = { offsetSeconds: 0, abbreviation: 'UTC' };

export const UTC: Zone = { name: 'UTC', at: () => UTC_OFFSET };

/** A zone that is nothing but an offset, as a parsed `+02:00` gives. */
export function fixedZone(offsetSeconds: number, abbreviation = ''): Zone {
  const offset: ZoneOffset = { offsetSeconds, abbreviation };
  return { name: abbreviation, at: () => offset };
}

/** The zone of this process (`TZ`). Found at first use. */
export const LOCAL: Zone = {
  name: 'Local',
  at: (epochSeconds) => local().at(epochSeconds),
  offsetOf: (abbreviation, clockSeconds) => local().offsetOf?.(abbreviation, clockSeconds),
};

/** The zone of this process if it has an offset at a time, else a zone that is only that offset. An abbreviation must match too. */
export function zoneOfOffset(offsetSeconds: number, epochSeconds: number, abbreviation = ''): Zone {
  const known = LOCAL.at(epochSeconds);
  const isLocal = known.offsetSeconds === offsetSeconds && (abbreviation === '' || known.abbreviation === abbreviation);
  return isLocal ? LOCAL : fixedZone(offsetSeconds, abbreviation);
}

let localZone: Zone | undefined;

function local(): Zone {
  localZone ??= ianaZone(new Intl.DateTimeFormat().resolvedOptions().timeZone) ?? UTC;
  return localZone;
}

interface Abbreviation {
  readonly since: number;
  readonly text: string;
}

/** The abbreviations an offset of a zone has had, oldest first. */
type Abbreviations = ReadonlyMap<number, readonly Abbreviation[]>;

const zones = new Map<string, Zone>();
let groupOf: Map<string, string> | undefined;

/** The zone of an IANA name, spelled exactly so; undefined if there is none. */
export function ianaZone(name: string): Zone | undefined {
  if (name === 'UTC') return UTC;
  const known = zones.get(name);
  if (known !== undefined) return known;
  groupOf ??= readTable();
  const group = groupOf.get(name);
  if (group === undefined) return undefined;
  const zone = new IanaZone(name, readAbbreviations(group));
  zones.set(name, zone);
  return zone;
}

function readTable(): Map<string, string> {
  const table = new Map<string, string>();
  for (const line of ZONE_ABBREVIATIONS.trim().split('\n')) {
    const [names, group] = line.split('|') as [string, string];
    for (const name of names.split(' ')) table.set(name, group);
  }
  return table;
}

function readAbbreviations(group: string): Abbreviations {
  const abbreviations = new Map<number, Abbreviation[]>();
  for (const entry of group.split(' ').filter((text) => text !== '')) {
    const [, offset, rest] = /^(-?\d+)=(.*)$/.exec(entry) as unknown as [string, string, string];
    const [first, ...later] = rest.split('@') as [string, ...string[]];
    const changes = later.map((change) => change.split('=') as [string, string]);
    abbreviations.set(Number(offset), [
      { since: Number.NEGATIVE_INFINITY, text: first },
      ...changes.map(([since, text]) => ({ since: Number(since), text })),
    ]);
  }
  return abbreviations;
}

const DAY = 86_400;
/** Zones have only ever changed their offset at a multiple of this, but for the end of local mean time. */
const QUARTER = 900;
const MAX_REMEMBERED = 4096;

/** `null` marks a span of time in which the offset changes. */
type Spans = Map<number, ZoneOffset | null>;

class IanaZone implements Zone {
  readonly name: string;
  private readonly abbreviations: Abbreviations;
  private readonly format: Intl.DateTimeFormat;
  private readonly days: Spans = new Map();
  private readonly quarters: Spans = new Map();

  constructor(name: string, abbreviations: Abbreviations) {
    this.name = name;
    this.abbreviations = abbreviations;
    this.format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  }

  at(epochSeconds: number): ZoneOffset {
    return (
      this.remembered(this.days, DAY, epochSeconds) ?? this.remembered(this.quarters, QUARTER, epochSeconds) ?? this.look(epochSeconds)
    );
  }

  offsetOf(abbreviation: string, clockSeconds: number): number | undefined {
    const offsets = [...this.abbreviations]
      .filter(([, texts]) => texts.some(({ text }) => text === abbreviation))
      .map(([offset]) => offset);
    return offsets.find((offset) => this.at(clockSeconds - offset).abbreviation === abbreviation) ?? offsets[0];
  }

  private remembered(spans: Spans, length: number, epochSeconds: number): ZoneOffset | null {
    const index = Math.floor(epochSeconds / length);
    const known = spans.get(index);
    if (known !== undefined) return known;
    const first = this.look(index * length);
    const last = this.look((index + 1) * length - 1);
    const isSteady = first.offsetSeconds === last.offsetSeconds && first.abbreviation === last.abbreviation;
    if (spans.size >= MAX_REMEMBERED) spans.clear();
    spans.set(index, isSteady ? first : null);
    return isSteady ? first : null;
  }

  private look(epochSeconds: number): ZoneOffset {
    const offsetSeconds = this.offsetAt(epochSeconds);
    const text = this.abbreviations.get(offsetSeconds)?.findLast(({ since }) => since <= epochSeconds)?.text;
    return { offsetSeconds, abbreviation: text ?? numericAbbreviation(offsetSeconds) };
  }

  private offsetAt(epochSeconds: number): number {
    const text = this.format.format(clampToDate(epochSeconds) * 1000);
    const [, sign, hours, minutes, seconds = '0'] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
    if (sign === undefined) return 0;
    const magnitude = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    return sign === '-' ? -magnitude : magnitude;
  }
}

/** Beyond what a Date can hold the outermost rules go on. */
const clampToDate = (epochSeconds: number): number => Math.max(-8.64e12, Math.min(8.64e12, epochSeconds));

function numericAbbreviation(offsetSeconds: number): string {
  const minutes = Math.trunc(Math.abs(offsetSeconds) / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  const rest = minutes % 60 === 0 ? '' : two(minutes % 60);
  return `${offsetSeconds < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}${rest}`;
}
