import type { ChunkFilter } from '@codebuddy/db-core';
import { type Condition, Filter, type Given, type NamesOf } from '@codebuddy/db-core/internal';

/** The names of a filter of chunks. */
export const FILTER_NAMES: NamesOf<ChunkFilter> = {
  projectId: true,
  filePath: true,
  symbolType: true,
  symbolName: true,
  language: true,
};

/** Says of rows what a filter says of chunks. */
export function conditions(filter: Given<ChunkFilter>): Filter {
  return new Filter()
    .equals('project_id', filter.projectId)
    .equals('file_path', filter.filePath)
    .equals('symbol_type', filter.symbolType)
    .equals('symbol_name', filter.symbolName)
    .equals('language', filter.language);
}

/** Says of vectors what a filter says of chunks; file and symbol aside. */
export function vectorConditions({ projectId, symbolType, language }: Given<ChunkFilter>): Condition[] {
  const given: [keyword: string, value: string | undefined][] = [
    ['project', projectId],
    ['symbolType', symbolType],
    ['language', language],
  ];
  return given.flatMap(([keyword, value]) => (value === undefined ? [] : [{ keyword, oneOf: [value] }]));
}
