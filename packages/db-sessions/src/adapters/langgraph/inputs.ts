import { InvalidInputError } from '@codebuddy/db-core';
import { optionalInteger, requireArray, requireObject, requireString } from '@codebuddy/db-core/internal';
import type { RunnableConfig } from '@langchain/core/runnables';
import type { ChannelVersions, Checkpoint, CheckpointListOptions, PendingWrite } from '@langchain/langgraph-checkpoint';

/** Checks the parts of a checkpoint by which it is stored and copied; the values of its channels may be anything. */
export function requireCheckpoint(checkpoint: Checkpoint): Checkpoint {
  const { id, channel_values, channel_versions, versions_seen } = requireObject(checkpoint, 'checkpoint');
  requireString(id, 'checkpoint.id');
  requireObject(channel_values, 'checkpoint.channel_values');
  requireVersions(channel_versions, 'checkpoint.channel_versions');
  for (const seen of Object.values(requireObject(versions_seen, 'checkpoint.versions_seen')))
    requireVersions(seen, 'checkpoint.versions_seen');
  return checkpoint;
}

/** Checks the versions of some channels. */
export function requireVersions(versions: ChannelVersions, field: string): ChannelVersions {
  for (const version of Object.values(requireObject(versions, field))) {
    if (typeof version !== 'number' && typeof version !== 'string')
      throw new InvalidInputError(field, 'expected numbers or strings');
  }
  return versions;
}

/** Checks what a task has written: pairs of a channel and a value. */
export function requireWrites(writes: readonly PendingWrite[]): readonly PendingWrite[] {
  for (const write of requireArray(writes, 'writes')) {
    const [channel] = requireArray<unknown>(write, 'writes');
    requireString(channel, 'writes');
  }
  return writes;
}

/** Checks which checkpoints are asked for. */
export function requireListOptions(options: CheckpointListOptions): CheckpointListOptions {
  const { limit, before, filter } = requireObject(options, 'options');
  optionalInteger(limit, 'limit', { min: 0 });
  if (before !== undefined) requireObject(before, 'before');
  if (filter !== undefined) requireObject(filter, 'filter');
  return options;
}

/** Returns a string of a configuration that must be there. */
export function requireConfigured(config: RunnableConfig, name: string): string {
  const value = configured(config, name);
  if (value === null || value === '') {
    throw new InvalidInputError(`configurable.${name}`, `expected a string: pass { configurable: { ${name} } }`);
  }
  return value;
}

/** Returns a string of a configuration, or `null`. */
export function configured(config: RunnableConfig, name: string): string | null {
  const value: unknown = requireObject(config, 'config').configurable?.[name];
  return typeof value === 'string' ? value : null;
}
