import type { Transcript } from '@codebuddy/db-core/internal';
import { code, fence, plain, quote } from './untrusted-markdown.ts';

type TranscriptMessage = Transcript['messages'][number];

const SPEAKERS = { user: 'User', assistant: 'Assistant', system: 'System', tool: 'Tool' } as const;

/**
 * Writes a transcript as Markdown: a heading a message with its time, what was said as a quote, tool calls and their results as
 * code. Nothing that was said can look like a message of its own.
 */
export function toMarkdown({ session, messages }: Transcript): string {
  const facts = [
    session.model === undefined ? [] : [`Model: ${code(session.model)}`],
    session.project_path === undefined ? [] : [`Project: ${code(session.project_path)}`],
    [`Started: ${session.created_at}`],
    [`Tokens: ${session.total_tokens_in} in, ${session.total_tokens_out} out`],
    [`Cost: $${session.total_cost.toFixed(4)}`],
  ].flat();
  const parts = [
    `# ${plain(session.name ?? session.id)}`,
    facts.map((fact) => `- ${fact}`).join('\n'),
    ...messages.map(toSection),
  ];
  return `${parts.join('\n\n')}\n`;
}

function toSection(message: TranscriptMessage): string {
  const call = message.tool_call_id === undefined ? '' : `, call ${code(message.tool_call_id)}`;
  const parts = [`## ${SPEAKERS[message.role]}, ${message.created_at}${call}`];
  if (message.content !== undefined && message.content !== '') {
    parts.push(message.role === 'tool' ? fence(message.content) : quote(message.content));
  }
  if (message.tool_calls !== undefined) parts.push(fence(JSON.stringify(message.tool_calls, undefined, 2), 'json'));
  return parts.join('\n\n');
}
