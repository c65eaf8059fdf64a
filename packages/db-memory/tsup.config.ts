import { library } from '@codebuddy/presets/tsup';

export default library({ index: 'src/index.ts', 'adapters/langgraph/store': 'src/adapters/langgraph/store.ts' });
