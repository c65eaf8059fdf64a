import type { ChunkFilter } from '@codebuddy/db-core';
import { type Condition, Filter, requireObject } from '@codebuddy/db-core/internal';

/** Says of rows what a filter says of chunks. */
export function conditions(filter: ChunkFilter): Filter {
  requireObject(filter, 'filter');
  return new Filter()
    .equals('project_id', filter.projectId)
    .equals('file_path', filter.filePath)
    .equals('symbol_type', filter.symbolType)
    .equals('symbol_name', filter.symbolName)
    .equals('language', filter.language);
}

/** Says of vectors what a filter says of chunks; file and symbol aside. */
export function vectorConditions({ projectId, symbolType, language }: ChunkFilter): Condition[] {
  const given: [keyword: string, value: string | undefined][] = [
    ['project', projectId],
    ['symbolType', symbolType],
    ['language', language],
  ];
  return given.flatMap(([keyword, value]) => (value === undefined ? [] : [{ keyword, oneOf: [value] }]));
}
