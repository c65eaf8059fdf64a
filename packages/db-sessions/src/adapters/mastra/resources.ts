import type { Redact } from '@codebuddy/db-core';
import {
  encodeJsonObject,
  type MonotonicClock,
  optionalStringOrNull,
  type RunTransaction,
  redactText,
  requireObject,
  requireString,
} from '@codebuddy/db-core/internal';
import type { StorageResourceType } from '@mastra/core/storage';
import { toResource, toTimestamp } from './rows.ts';
import type { MastraStatements } from './statements.ts';

/** The users and other owners of threads, with their working memory. */
export class Resources {
  readonly #statements: MastraStatements;
  readonly #transaction: RunTransaction;
  readonly #clock: MonotonicClock;
  readonly #redact: Redact | undefined;

  constructor(
    statements: MastraStatements,
    transaction: RunTransaction,
    clock: MonotonicClock,
    redact: Redact | undefined,
  ) {
    this.#statements = statements;
    this.#transaction = transaction;
    this.#clock = clock;
    this.#redact = redact;
  }

  get(id: string): StorageResourceType | null {
    const row = this.#statements.readResource.get({ id: requireString(id, 'resourceId') });
    return row === undefined ? null : toResource(row);
  }

  save(resource: StorageResourceType): StorageResourceType {
    const { id, workingMemory, metadata, createdAt, updatedAt } = requireObject(resource, 'resource');
    this.#statements.saveResource.run({
      id: requireString(id, 'resource.id'),
      workingMemory: redactText(optionalStringOrNull(workingMemory, 'resource.workingMemory'), this.#redact),
      metadata: encodeJsonObject(metadata, 'resource.metadata', this.#redact),
      createdAt: toTimestamp(createdAt, 'resource.createdAt'),
      updatedAt: toTimestamp(updatedAt, 'resource.updatedAt'),
    });
    return resource;
  }

  /** Changes a resource, or makes it. */
  update(
    id: string,
    workingMemory: string | undefined,
    metadata: Record<string, unknown> | undefined,
  ): StorageResourceType {
    return this.#transaction('mastra.updateResource', () => {
      const now = new Date(this.#clock.now());
      const resource = this.get(id) ?? { id, createdAt: now, updatedAt: now };
      return this.save({
        ...resource,
        ...(workingMemory === undefined ? {} : { workingMemory }),
        metadata: { ...resource.metadata, ...metadata },
        updatedAt: now,
      });
    });
  }
}
