/** What a developer's assistant hears about, in more than one language and script. */
export const SUBJECTS = [
  'The retry helper',
  'The checkout page',
  'src/auth/session-token.ts',
  'The nightly build',
  'The orders table',
  'The upload worker',
  'The release checklist',
  'getUserById',
  'La file de messages',
  'Die Größenberechnung',
  '缓存键生成器',
  'The OAuth callback',
] as const;

export const CLAIMS = [
  'waits with exponential backoff and full jitter',
  'must never log request bodies',
  'is generated: edit the template instead',
  'slows down above 2,000 rows in one batch',
  'expects ISO 8601 dates in UTC',
  'moved out of the monolith in March',
  'prefers early returns over nested ifs',
  'breaks when a branch name holds a slash',
  'belongs to the platform team',
  'reads its secrets from the environment only',
  'covers 100% of the slow_path branch',
] as const;

export const TASKS = ['Fix', 'Refactor', 'Document', 'Speed up', 'Test'] as const;
export const MODELS = ['grok-3', 'grok-code-fast-1', 'claude-sonnet-4', 'gpt-5-mini'] as const;
export const TYPES = ['fact', 'preference', 'pattern', 'decision', 'instruction', 'error', 'convention'] as const;
export const TAGS = ['style', 'infra', 'api', 'team'] as const;
