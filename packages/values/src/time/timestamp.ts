import { toCivil } from './civil.ts';
import type { Zone } from './zone.ts';

const SECOND = 1_000_000_000n;

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
    return Number(this.exactSeconds);
  }

  /** As {@link epochSeconds}, exact for all times. */
  get exactSeconds(): bigint {
    const seconds = this.nanoseconds / SECOND;
    return this.nanoseconds < 0n && seconds * SECOND !== this.nanoseconds ? seconds - 1n : seconds;
  }

  /** 0 … 999,999,999. */
  get nanosecondOfSecond(): number {
    const rest = Number(this.nanoseconds % SECOND);
    return rest < 0 ? rest + 1e9 : rest;
  }

  /** RFC 3339 with as many fraction digits as are needed: the text form of a timestamp. */
  toString(): string {
    const { year, month, day, hour, minute, second, nanosecond, offsetSeconds } = toCivil(this);
    const fraction = nanosecond === 0 ? '' : `.${String(nanosecond).padStart(9, '0').replace(/0+$/, '')}`;
    const date = `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(4, '0')}-${two(month)}-${two(day)}`;
    return `${date}T${two(hour)}:${two(minute)}:${two(second)}${fraction}${formatOffset(offsetSeconds)}`;
  }
}

function formatOffset(offsetSeconds: number): string {
  if (offsetSeconds === 0) return 'Z';
  const minutes = Math.trunc(Math.abs(offsetSeconds) / 60);
  return `${offsetSeconds < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));
