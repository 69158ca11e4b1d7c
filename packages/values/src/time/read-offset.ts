import { BloblangError } from '../errors.ts';
import { type StrptimeReader, Y2K } from './strptime-reader.ts';
import { fixedZone, UTC } from './zone.ts';

/**
 * Reads `Z`, or a sign and hours, minutes and seconds of two digits each. With colons in the conversion (`%:z` one, `%::z` two) the
 * text must have them and all that they separate; without, colons are free and minutes and seconds may be missing.
 */
export function readOffset(reader: StrptimeReader, colons: number): void {
  const conversion = `"%${':'.repeat(colons)}z"`;
  const sign = reader.next;
  if (sign !== '+' && sign !== '-' && sign !== 'Z') throw new BloblangError(`cannot parse ${conversion}`);
  reader.position++;
  if (sign === 'Z') {
    reader.zone = UTC;
    return;
  }
  const seconds = readMagnitude(reader, colons, conversion);
  const name = reader.hasZoneName ? reader.zone.at(Y2K).abbreviation : '';
  reader.zone = fixedZone(sign === '-' ? -seconds : seconds, name);
  reader.hasZoneOffset = true;
}

function readMagnitude(reader: StrptimeReader, colons: number, conversion: string): number {
  const hours = readTwoDigits(reader, 23);
  if (!hours.isWhole) throw new BloblangError(`cannot parse ${conversion}`);
  const hasColon = reader.next === ':';
  if (!hasColon && colons > 0) throw new BloblangError(`expected ':' for ${conversion}`);
  if (hasColon) reader.position++;
  const minutes = readTwoDigits(reader, 59);
  if (!minutes.isWhole && hasColon) throw new BloblangError(`cannot parse ${conversion}`);
  const wantsSeconds = minutes.isWhole && hasColon && colons !== 1;
  const seconds = wantsSeconds ? readSeconds(reader, colons === 2, conversion) : 0;
  return hours.value * 3600 + minutes.value * 60 + seconds;
}

function readSeconds(reader: StrptimeReader, isRequired: boolean, conversion: string): number {
  if (reader.next !== ':') {
    if (isRequired) throw new BloblangError(`expected ':' for ${conversion}`);
    return 0;
  }
  const start = reader.position++;
  const seconds = readTwoDigits(reader, 59);
  if (!seconds.isWhole) {
    if (isRequired) throw new BloblangError(`cannot parse ${conversion}`);
    reader.position = start;
  }
  return seconds.value;
}

/** Two digits; if there is but one, it counts although it is not read, as in the original. */
function readTwoDigits(reader: StrptimeReader, maximum: number): { readonly value: number; readonly isWhole: boolean } {
  const start = reader.position;
  const value = reader.tryNumber(2, 0, maximum) ?? 0;
  const isWhole = reader.position === start + 2;
  if (!isWhole) reader.position = start;
  return { value, isWhole };
}
