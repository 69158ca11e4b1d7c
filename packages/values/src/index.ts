export { BloblangError, errorText, findCause, isStackOverflow, NoContextError, wrapError } from './errors.ts';
export { goFormat } from './format/go-format.ts';
export { toBytes, toText } from './format/to-text.ts';
export {
  encodeDocument,
  encodeJson,
  encodeJsonForHtml,
  encodeJsonIndented,
  sortedKeys,
  UnsupportedValueError,
} from './json/json-encode.ts';
export { checkDepth, firstDocument, hasOnlyExactNumbers, hasSurrogateEscape, parseJson, parseJsonFloats } from './json/json-parse.ts';
export { JsonPlaces } from './json/json-places.ts';
export type { Edit } from './json/json-writer.ts';
export { checkElements, checkLength, MAX_TEXT_LENGTH } from './limits.ts';
export { formatG, INT64_MAX, INT64_MIN, UINT64_MAX } from './number/numbers.ts';
export { parseFloat64, parseInt64 } from './number/strconv.ts';
export { internalized } from './text/internalized.ts';
export { compareText } from './text/order.ts';
export { quote } from './text/quote.ts';
export { byteLength, decodeText, encodeText, isAscii, toWellFormed } from './text/text.ts';
export { unquote } from './text/unquote.ts';
export { parseDuration } from './time/duration.ts';
export { compileFormat } from './time/format-layout.ts';
export { addNanoseconds, wrapNanoseconds } from './time/instant.ts';
export { compileParse } from './time/parse-layout.ts';
export { addPeriod, approximateNanoseconds, negatePeriod, parsePeriod } from './time/period.ts';
export { compileStrftime } from './time/strftime.ts';
export { compileStrptime } from './time/strptime.ts';
export { Timestamp } from './time/timestamp.ts';
export { ianaZone, LOCAL, UTC, type Zone } from './time/zone.ts';
export { add, divide, modulo, multiply, subtract } from './value/arithmetic.ts';
export { asBuffer, bytesOf } from './value/bytes-of.ts';
export { clone } from './value/clone.ts';
export {
  documentNumber,
  getBool,
  getBytes,
  getInt,
  getNumber,
  getString,
  getTimestamp,
  isBeyondFloat,
  sanitize,
  settleNumber,
} from './value/coerce.ts';
export { compare, equals } from './value/compare.ts';
export { toBool, toInt, toNumber, toUint, wholeInt64 } from './value/convert.ts';
export { floatText, toGoText } from './value/go-text.ts';
export { goTypeName } from './value/go-type.ts';
export {
  AnyKeyObject,
  DELETED,
  Float32,
  Float64,
  getKey,
  isArray,
  isNull,
  isNumber,
  isObject,
  JsonNumber,
  NIL_ARRAY,
  NOTHING,
  SizedInteger,
  setKey,
  type TypeName,
  typeName,
  Uint64,
  type Value,
  type ValueObject,
} from './value/kinds.ts';
export { mapScalars } from './value/map-scalars.ts';
export { deletePath, formatPath, getPath, hasPath, type Path, PathCollisionError, parsePath, setPath } from './value/path.ts';
export { locateError, ValueTypeError } from './value/type-errors.ts';
