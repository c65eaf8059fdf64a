import { library } from '@codebuddy/presets/tsup';

export default library({
  index: 'src/index.ts',
  'adapters/ai-sdk': 'src/adapters/ai-sdk.ts',
  'symbol-parser-process': 'src/indexing/symbol-parser-process.ts',
});
