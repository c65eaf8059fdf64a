import type { Database, DatabaseManager, Redact } from '@codebuddy/db-core';
import {
  contextOf,
  encodeJson,
  type Row,
  type RunTransaction,
  read,
  redactionOf,
  requireString,
  requireStringOrEmpty,
} from '@codebuddy/db-core/internal';
import type { RunnableConfig } from '@langchain/core/runnables';
import {
  BaseCheckpointSaver,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  compareWritesSortKeys,
  copyCheckpoint,
  getCheckpointId,
  maxChannelVersion,
  type PendingWrite,
  TASKS,
  WRITES_IDX_MAP,
  writesSortKey,
} from '@langchain/langgraph-checkpoint';
import {
  configured,
  requireCheckpoint,
  requireConfigured,
  requireListOptions,
  requireVersions,
  requireWrites,
} from './inputs.ts';
import { LANGGRAPH_TABLES, prepareStatements } from './statements.ts';

/** The version of checkpoints that keep what is to be sent in the checkpoint itself. */
const SENDS_INSIDE = 4;

interface Place {
  readonly thread: string;
  readonly namespace: string;
  readonly id: string;
}

/**
 * A checkpointer for LangGraph (https://langchain-ai.github.io/langgraphjs/concepts/persistence) that keeps its threads in
 * the same file as sessions. It passes LangGraph's own conformance tests. The connection's redaction applies to the values of
 * channels, of writes and of metadata, not to ids and the names of channels.
 *
 * @example
 * ```ts
 * import { LangGraphCheckpointer } from '@codebuddy/db-sessions/langgraph';
 *
 * const graph = builder.compile({ checkpointer: await LangGraphCheckpointer.create(manager) });
 * ```
 */
export class LangGraphCheckpointer extends BaseCheckpointSaver {
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #transaction: RunTransaction;
  readonly #redact: Redact | undefined;

  private constructor(db: Database) {
    super();
    this.#statements = prepareStatements(db);
    this.#transaction = contextOf(db).transaction;
    this.#redact = redactionOf(db);
  }

  /** Makes a checkpointer; its tables are made if they are not there yet. */
  static async create(
    manager: Pick<DatabaseManager, 'registerModule' | 'getDatabase'>,
  ): Promise<LangGraphCheckpointer> {
    await manager.registerModule(LANGGRAPH_TABLES);
    return new LangGraphCheckpointer(manager.getDatabase());
  }

  /** Returns a checkpoint with its pending writes: the one named, or the newest of its thread. */
  async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const thread = configured(config, 'thread_id');
    if (thread === null) return undefined;
    const namespace = namespaceOf(config);
    const id = getCheckpointId(config);
    const row = id
      ? this.#statements.read.get({ thread, namespace, id })
      : this.#statements.newest.get({ thread, namespace });
    if (row === undefined) return undefined;
    const tuple = await this.#toTuple(row);
    return id ? { ...tuple, config } : tuple;
  }

  /** Iterates over checkpoints, the newest first. */
  async *list(config: RunnableConfig, options: CheckpointListOptions = {}): AsyncGenerator<CheckpointTuple> {
    const { limit = Number.POSITIVE_INFINITY, before, filter = {} } = requireListOptions(options);
    const wanted = (name: string, of = config) => configured(of, name);
    const rows = this.#statements.list.all({
      thread: wanted('thread_id'),
      namespace: wanted('checkpoint_ns'),
      id: wanted('checkpoint_id') || null,
      before: before === undefined ? null : wanted('checkpoint_id', before) || null,
    });
    let given = 0;
    for (const row of rows) {
      if (given >= limit) return;
      const tuple = await this.#toTuple(row);
      const passes = Object.entries(filter).every(
        ([name, value]) => Reflect.get(Object(tuple.metadata), name) === value,
      );
      if (!passes) continue;
      given++;
      yield tuple;
    }
  }

  /** Stores a checkpoint, and the values of the channels that have changed since the one before. */
  async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const thread = requireConfigured(config, 'thread_id');
    const namespace = namespaceOf(config);
    const { channel_values, ...rest } = copyCheckpoint(requireCheckpoint(checkpoint));
    const values = await this.#dump(channel_values, requireVersions(newVersions, 'newVersions'));
    const [type, bytes] = await this.serde.dumpsTyped(rest);
    const [metadataType, metadataBytes] = await this.#encode(metadata);
    this.#transaction('langgraph.put', () => {
      for (const value of values) this.#statements.putValue.run({ thread, namespace, ...value });
      this.#statements.put.run({
        thread,
        namespace,
        id: checkpoint.id,
        parent: configured(config, 'checkpoint_id'),
        type,
        checkpoint: bytes,
        metadataType,
        metadata: metadataBytes,
      });
    });
    return { configurable: { thread_id: thread, checkpoint_ns: namespace, checkpoint_id: checkpoint.id } };
  }

  /** Stores what a task has written so far, all or nothing; what it had written before at the same place stays. */
  async putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string, taskPath = ''): Promise<void> {
    const key = {
      thread: requireConfigured(config, 'thread_id'),
      namespace: namespaceOf(config),
      id: requireConfigured(config, 'checkpoint_id'),
    };
    const task = { task: requireString(taskId, 'taskId'), path: requireStringOrEmpty(taskPath, 'taskPath') };
    const rows = await Promise.all(
      requireWrites(writes).map(async ([channel, value], index) => {
        const [type, bytes] = await this.#encode(value);
        return { channel, type, value: bytes, place: placeOf(channel, index) };
      }),
    );
    this.#transaction('langgraph.putWrites', () => {
      for (const row of rows) this.#statements.putWrite.run({ ...key, ...row, ...task });
    });
  }

  /** Deletes a thread: its checkpoints and all that was written in it. */
  async deleteThread(threadId: string): Promise<void> {
    requireString(threadId, 'threadId');
    this.#transaction('langgraph.deleteThread', () => {
      this.#statements.deleteCheckpoints.run({ thread: threadId });
      this.#statements.deleteValues.run({ thread: threadId });
      this.#statements.deleteWrites.run({ thread: threadId });
    });
  }

  async #toTuple(row: Row): Promise<CheckpointTuple> {
    const place = {
      thread: read.text(row, 'thread_id'),
      namespace: read.text(row, 'namespace'),
      id: read.text(row, 'checkpoint_id'),
    };
    const parent = read.optionalText(row, 'parent_id');
    const stored: Omit<Checkpoint, 'channel_values'> = await this.serde.loadsTyped(
      read.text(row, 'type'),
      read.bytes(row, 'checkpoint'),
    );
    const checkpoint = { ...stored, channel_values: await this.#valuesOf(place, stored.channel_versions) };
    if (checkpoint.v < SENDS_INSIDE && parent !== undefined) await this.#addSends(checkpoint, { ...place, id: parent });
    return {
      config: configOf(place),
      checkpoint,
      metadata: await this.serde.loadsTyped(read.text(row, 'metadata_type'), read.bytes(row, 'metadata')),
      pendingWrites: await this.#writesOf(place),
      ...(parent === undefined ? {} : { parentConfig: configOf({ ...place, id: parent }) }),
    };
  }

  /** LangGraph's encoding, of which what it makes JSON of can be redacted; bytes stay as they are. */
  async #encode(value: unknown): Promise<[type: string, bytes: Uint8Array]> {
    const [type, bytes] = await this.serde.dumpsTyped(value);
    if (this.#redact === undefined || type !== 'json') return [type, bytes];
    const json: unknown = JSON.parse(Buffer.from(bytes).toString());
    return [type, Buffer.from(encodeJson(json, 'value', this.#redact))];
  }

  async #dump(values: Readonly<Record<string, unknown>>, versions: ChannelVersions) {
    const changed = Object.entries(versions).filter(([channel]) => Object.hasOwn(values, channel));
    return Promise.all(
      changed.map(async ([channel, version]) => {
        const [type, value] = await this.#encode(values[channel]);
        return { channel, version: String(version), type, value };
      }),
    );
  }

  async #valuesOf({ thread, namespace }: Place, versions: ChannelVersions): Promise<Record<string, unknown>> {
    const values: [channel: string, value: unknown][] = [];
    for (const [channel, version] of Object.entries(versions)) {
      const row = this.#statements.value.get({ thread, namespace, channel, version: String(version) });
      if (row === undefined) continue;
      values.push([channel, await this.serde.loadsTyped(read.text(row, 'type'), read.bytes(row, 'value'))]);
    }
    return Object.fromEntries(values);
  }

  async #writesOf(place: Place): Promise<CheckpointPendingWrite[]> {
    const rows = this.#statements.writes
      .all({ ...place })
      .map((row) => ({
        row,
        key: writesSortKey(read.text(row, 'task_path'), read.text(row, 'task_id'), read.number(row, 'place')),
      }))
      .sort((a, b) => compareWritesSortKeys(a.key, b.key));
    return Promise.all(
      rows.map(async ({ row }): Promise<CheckpointPendingWrite> => {
        const value: unknown = await this.serde.loadsTyped(read.text(row, 'type'), read.bytes(row, 'value'));
        return [read.text(row, 'task_id'), read.text(row, 'channel'), value];
      }),
    );
  }

  /** Checkpoints of earlier versions have what is to be sent among the writes of their parent. */
  async #addSends(checkpoint: Checkpoint, parent: Place): Promise<void> {
    const sends = (await this.#writesOf(parent)).filter(([, channel]) => channel === TASKS).map(([, , value]) => value);
    checkpoint.channel_values[TASKS] = sends;
    const versions = Object.values(checkpoint.channel_versions);
    checkpoint.channel_versions[TASKS] =
      versions.length > 0 ? maxChannelVersion(...versions) : this.getNextVersion(undefined);
  }
}

function configOf({ thread, namespace, id }: Place): RunnableConfig {
  return { configurable: { thread_id: thread, checkpoint_ns: namespace, checkpoint_id: id } };
}

function namespaceOf(config: RunnableConfig): string {
  return configured(config, 'checkpoint_ns') ?? '';
}

/** Writes of some kinds have a place of their own, of which a task has one; others stand in their order. */
function placeOf(channel: string, index: number): number {
  return Object.hasOwn(WRITES_IDX_MAP, channel) ? (WRITES_IDX_MAP[channel] ?? index) : index;
}
