import type { JsonValue, Memory, Redact } from '@codebuddy/db-core';
import { decodeJson, type Transcript } from '@codebuddy/db-core/internal';

/** Takes out of a memory what its repository would, so that what is stored can be compared with what was read. */
export function redactMemory(memory: Memory, redact: Redact): Memory {
  const { metadata } = memory;
  return {
    ...memory,
    content: redact(memory.content),
    ...(metadata === undefined ? {} : { metadata: redactJson(metadata, redact) }),
  };
}

/** Takes out of messages what their repository would. */
export function redactTranscript({ session, messages }: Transcript, redact: Redact): Transcript {
  return {
    session,
    messages: messages.map((message) => ({
      ...message,
      ...(message.content === undefined ? {} : { content: redact(message.content) }),
      ...(message.tool_calls === undefined ? {} : { tool_calls: redactJson(message.tool_calls, redact) }),
      ...(message.metadata === undefined ? {} : { metadata: redactJson(message.metadata, redact) }),
    })),
  };
}

function redactJson<Value extends JsonValue>(value: Value, redact: Redact): Value;
function redactJson(value: JsonValue, redact: Redact): JsonValue {
  return decodeJson(redact(JSON.stringify(value)));
}
