import { library } from '@codebuddy/presets/tsup';

export default library({
  index: 'src/index.ts',
  'guarded-query-process': 'src/guarded-query-process.ts',
  'testing/index': 'src/testing/index.ts',
});
