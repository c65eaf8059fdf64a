import { library } from '@codebuddy/presets/tsup';

export default library(
  {
    index: 'src/index.ts',
    internal: 'src/internal.ts',
    'testing/index': 'src/testing/index.ts',
  },
  { READ_ONLY_QUERY_PROGRAM: 'src/read-only-query/read-only-query-program.ts' },
);
