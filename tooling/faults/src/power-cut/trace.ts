import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import type { DiskLog } from './disk-log.ts';
import { Recorder } from './recorder.ts';
import { parseSystemCalls } from './system-calls.ts';

/** Every call that changes files or opens them. Not every machine has those with a `?`. */
const CALLS = [
  '?open,openat,close,write,pwrite64,ftruncate,fsync,fdatasync',
  '?rename,renameat,renameat2,?link,linkat,?unlink,unlinkat,copy_file_range,sendfile',
  // The recorder does not follow these, and says so if one is made in its folder.
  'writev,pwritev,?pwritev2,fallocate',
].join(',');

/** Every thread, and every byte of what is written; other calls are not slowed down. */
const OPTIONS = ['-f', '--seccomp-bpf', '-qq', '-xx', '-s', '33554432', '-e', `trace=${CALLS}`];

/** Returns the reason why a worker can't be traced here, or `undefined` if it can. */
export function whyNotTraced(): string | undefined {
  const { error, status, stderr } = spawnSync('strace', [...OPTIONS, '-o', '/dev/null', 'true'], { encoding: 'utf8' });
  if (error !== undefined) return 'strace is not installed';
  return status === 0 ? undefined : `strace may not trace: ${stderr.trim()}`;
}

/** Runs a worker to its end, and returns all that it did to the files of a folder. */
export function traceWorker(name: string, args: readonly string[], folder: string): DiskLog {
  using temporary = new TemporaryFolder();
  const file = fileURLToPath(new URL(`../workers/${name}.ts`, import.meta.url));
  const log = temporary.join('calls');
  const recorder = new Recorder(realpathSync(folder));
  const trace = [...OPTIONS, '-o', log];
  const worker = [process.execPath, '--disable-warning=ExperimentalWarning', file, ...args];
  const { status, stderr } = spawnSync('strace', [...trace, ...worker], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  const calls = parseSystemCalls(readFileSync(log, 'utf8').split('\n'));
  return recorder.follow(calls);
}
