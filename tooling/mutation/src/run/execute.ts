import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** How a program ended. */
export interface Execution {
  readonly succeeded: boolean;
  /** What it wrote to standard output and to standard error. */
  readonly output: string;
}

/** Runs a Node.js program to its end. */
export async function execute(program: string, args: readonly string[], cwd: string): Promise<Execution> {
  const child = spawn(process.execPath, [program, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, 'close');
  return { succeeded: code === 0, output };
}
