/** The rules of a time zone. */
export interface Zone {
  /** `UTC`, `Local`, an IANA name, or empty for a zone that is only an offset. */
  readonly name: string;
  /** The offset from UTC in seconds, and the short name, that hold at a time in seconds since 1970. */
  at(epochSeconds: number): { readonly offsetSeconds: number; readonly abbreviation: string };
}

const SECOND = 1_000_000_000n;

export const UTC: Zone = { name: 'UTC', at: () => ({ offsetSeconds: 0, abbreviation: 'UTC' }) };

/** A zone that is nothing but an offset, as a parsed `+02:00` gives. */
export const fixedZone = (offsetSeconds: number, abbreviation = ''): Zone => ({
  name: abbreviation,
  at: () => ({ offsetSeconds, abbreviation }),
});

/** The zone of this process (`TZ`). */
export const LOCAL: Zone = {
  name: 'Local',
  at: (epochSeconds) => {
    const offsetSeconds = -Math.round(new Date(epochSeconds * 1000).getTimezoneOffset() * 60);
    return { offsetSeconds, abbreviation: offsetSeconds === 0 ? 'UTC' : '' };
  },
};

/** A moment with nanoseconds, and the zone it is shown in. */
export class Timestamp {
  /** Nanoseconds since 1970, UTC. */
  readonly nanoseconds: bigint;
  readonly zone: Zone;

  constructor(nanoseconds: bigint, zone: Zone) {
    this.nanoseconds = nanoseconds;
    this.zone = zone;
  }

  /** Whole seconds since 1970, rounded down. */
  get epochSeconds(): number {
    return Number((this.nanoseconds - this.nanosecondOfSecondBig) / SECOND);
  }

  /** 0 … 999,999,999. */
  get nanosecondOfSecond(): number {
    return Number(this.nanosecondOfSecondBig);
  }

  private get nanosecondOfSecondBig(): bigint {
    return ((this.nanoseconds % SECOND) + SECOND) % SECOND;
  }

  /** RFC 3339 with as many fraction digits as are needed: the text form of a timestamp. */
  toString(): string {
    const seconds = this.epochSeconds;
    const { offsetSeconds } = this.zone.at(seconds);
    const date = new Date((seconds + offsetSeconds) * 1000);
    if (Number.isNaN(date.getTime())) return String(seconds);
    const nanoseconds = this.nanosecondOfSecond;
    const fraction = nanoseconds === 0 ? '' : `.${String(nanoseconds).padStart(9, '0').replace(/0+$/, '')}`;
    return `${formatDate(date)}${fraction}${formatOffset(offsetSeconds)}`;
  }
}

function formatDate(date: Date): string {
  const year = date.getUTCFullYear();
  return (year < 0 ? '-' : '') + String(Math.abs(year)).padStart(4, '0') + date.toISOString().slice(-20, -5);
}

function formatOffset(offsetSeconds: number): string {
  if (offsetSeconds === 0) return 'Z';
  const minutes = Math.trunc(Math.abs(offsetSeconds) / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offsetSeconds < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
}
