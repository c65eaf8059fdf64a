export { CONTENT_ENCODINGS, type ContentEncoding, hashContent, packContent, unpackContent } from './contents.ts';
export { requireJsonValue } from './exact-json.ts';
export {
  decodeJson,
  decodeJsonObject,
  encodeJson,
  encodeJsonObject,
  isPlainObject,
  type JsonObject,
  type JsonValue,
  mergeJsonObjects,
  UNPARSED,
} from './json.ts';
export { fromNanoDollars, toNanoDollars } from './money.ts';
export { formatTimestamp, isCalendarDate, normalizeTimestamp, parseTimestamp } from './timestamps.ts';
export { assertVector, cosineSimilarity, decodeVector, encodeVector } from './vectors.ts';
