import { library } from '@codebuddy/presets/tsup';

export default library({
  index: 'src/index.ts',
  'adapters/ai-sdk': 'src/adapters/ai-sdk.ts',
  'adapters/langgraph/checkpointer': 'src/adapters/langgraph/checkpointer.ts',
  'adapters/mastra/storage': 'src/adapters/mastra/storage.ts',
  'adapters/openai-agents': 'src/adapters/openai-agents.ts',
});
