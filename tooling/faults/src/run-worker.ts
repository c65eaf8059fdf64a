import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Acknowledgement } from './workers/acknowledge.ts';

/** What became of a worker. */
export interface WorkerRun {
  readonly acknowledged: readonly Acknowledgement[];
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it wrote to standard error. */
  readonly complaints: string;
  /** How long it lived after it said that it is ready, in milliseconds. */
  readonly workedMs: number;
}

/** What a worker has to bear. */
export interface WorkerOptions {
  /** It is ended with SIGKILL so many milliseconds after it said that it is ready. */
  readonly killAfterMs?: number;
  /** No file that it writes may grow larger than so many blocks of 512 bytes. */
  readonly largestFile?: number;
  /** It kills itself at the point of this number; with 0, it tells at its end which points it came by. */
  readonly diesAt?: number;
}

const WATCHER = new URL('./workers/die-at.ts', import.meta.url).href;

/** Runs a worker in a process of its own, to its end or until it is killed, and collects what it acknowledged. */
export async function runWorker(
  name: string,
  args: readonly string[],
  { killAfterMs, largestFile, diesAt }: WorkerOptions = {},
): Promise<WorkerRun> {
  const file = fileURLToPath(new URL(`./workers/${name}.ts`, import.meta.url));
  const watched = diesAt === undefined ? [] : ['--import', WATCHER];
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', ...watched, file, ...args];
  // The shell's own limit: Node has no call for it.
  const limited = largestFile === undefined ? [] : ['sh', '-c', `ulimit -f ${largestFile} && exec "$@"`, 'sh'];
  const [program = '', ...rest] = [...limited, ...command];
  const env = { ...process.env, ...(diesAt === undefined ? {} : { CODEBUDDY_DIES_AT: String(diesAt) }) };
  const worker = spawn(program, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const acknowledged: Acknowledgement[] = [];
  let complaints = '';
  let readyAt = performance.now();
  worker.stderr.on('data', (data) => {
    complaints += data;
  });
  const lines = createInterface({ input: worker.stdout });
  lines.on('line', (line) => {
    const acknowledgement = parse(line);
    if (acknowledgement === undefined) return;
    if (acknowledgement.kind === 'ready') {
      readyAt = performance.now();
      if (killAfterMs !== undefined) setTimeout(() => worker.kill('SIGKILL'), killAfterMs);
    }
    acknowledged.push(acknowledgement);
  });
  const linesEnd = new Promise<void>((resolve) => lines.once('close', resolve));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (...end) => resolve(end));
  });
  const workedMs = performance.now() - readyAt;
  await linesEnd;
  return { acknowledged, code, signal, complaints, workedMs };
}

/** A line that was cut off by the end of its process says nothing. */
function parse(line: string): Acknowledgement | undefined {
  const parsed = line.endsWith('}') ? JSON.parse(line) : undefined;
  return isAcknowledgement(parsed) ? parsed : undefined;
}

function isAcknowledgement(value: unknown): value is Acknowledgement {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
