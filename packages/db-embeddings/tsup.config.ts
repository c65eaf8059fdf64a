import { library } from '@codebuddy/presets/tsup';

export default library(
  {
    index: 'src/index.ts',
    'adapters/ai-sdk': 'src/adapters/ai-sdk.ts',
  },
  { SYMBOL_PARSER_PROGRAM: 'src/indexing/symbol-parser-program.ts' },
);
