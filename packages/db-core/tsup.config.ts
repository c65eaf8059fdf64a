import { library } from '@codebuddy/presets/tsup';

export default library({
  index: 'src/index.ts',
  internal: 'src/internal.ts',
  'read-only-query-process': 'src/read-only-query/read-only-query-process.ts',
  'testing/index': 'src/testing/index.ts',
});
