import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server saw it. */
export interface SeenRequest {
  readonly authorization: string | undefined;
  readonly input: readonly string[];
}

/** How the server answers: well, unless it is told otherwise. */
export type Behaviour = (response: ServerResponse, texts: readonly string[], attempt: number) => void;

/** A real server on 127.0.0.1 that speaks OpenAI's embeddings API, and behaves as it is told. */
export class EmbeddingServer {
  readonly requests: SeenRequest[] = [];
  behaviour: Behaviour = answer;
  readonly #server = createServer((request, response) => void this.#handle(request, response));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get baseURL(): string {
    const address = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${address.port}/v1`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { input } = Object(JSON.parse(Buffer.concat(chunks).toString()));
    if (!isTexts(input)) throw new Error('The request has no input');
    this.requests.push({ authorization: request.headers.authorization, input });
    this.behaviour(response, input, this.requests.length);
  }
}

function isTexts(input: unknown): input is string[] {
  return Array.isArray(input) && input.every((text) => typeof text === 'string');
}

/** A vector that tells its text's length. */
export const vectorOf = (text: string): number[] => [text.length, 1, 0.5];

/** Answers well, with the vectors in the wrong order but rightly numbered. */
export function answer(response: ServerResponse, texts: readonly string[]): void {
  const data = texts.map((text, index) => ({ index, embedding: vectorOf(text) })).reverse();
  send(response, 200, { data, usage: { total_tokens: texts.length } });
}

/** Answers with any status and body. */
export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
