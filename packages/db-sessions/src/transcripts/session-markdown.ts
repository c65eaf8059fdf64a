import type { JsonValue } from '@codebuddy/db-core';
import type { Transcript } from '@codebuddy/db-core/internal';

type TranscriptMessage = Transcript['messages'][number];

const SPEAKERS = { user: 'User', assistant: 'Assistant', system: 'System', tool: 'Tool' } as const;

/** Writes a transcript as Markdown: a heading a message, tool calls and their results as code. */
export function toMarkdown({ session, messages }: Transcript): string {
  const facts = [
    session.model === undefined ? [] : [`Model: ${session.model}`],
    session.project_path === undefined ? [] : [`Project: ${session.project_path}`],
    [`Started: ${session.created_at}`],
    [`Tokens: ${session.total_tokens_in} in, ${session.total_tokens_out} out`],
    [`Cost: $${session.total_cost.toFixed(4)}`],
  ].flat();
  const parts = [
    `# ${session.name ?? session.id}`,
    facts.map((fact) => `- ${fact}`).join('\n'),
    ...messages.map(toSection),
  ];
  return `${parts.join('\n\n')}\n`;
}

function toSection(message: TranscriptMessage): string {
  const parts = [`## ${SPEAKERS[message.role]}`];
  if (message.content !== undefined && message.content !== '') {
    parts.push(message.role === 'tool' ? fence(message.content, '') : message.content);
  }
  if (message.tool_calls !== undefined) parts.push(fence(prettyJson(message.tool_calls), 'json'));
  return parts.join('\n\n');
}

/** A fence longer than any run of backticks in the text, so that the text can't end it. */
function fence(text: string, language: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${text}\n${ticks}`;
}

function prettyJson(value: JsonValue): string {
  return JSON.stringify(value, undefined, 2);
}
