import { MockLanguageModelV4 } from 'ai/test';

/** Stands for a model of the AI SDK: it says how many messages it was given. Take yours from its provider's package. */
export const parrot = new MockLanguageModelV4({
  modelId: 'parrot',
  doGenerate: async ({ prompt }) => ({
    content: [{ type: 'text', text: `I was given ${prompt.length} messages.` }],
    finishReason: { unified: 'stop', raw: undefined },
    usage: {
      inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 1, text: 1, reasoning: 0 },
    },
    warnings: [],
  }),
});
