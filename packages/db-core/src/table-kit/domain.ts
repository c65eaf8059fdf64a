import type { Migrations } from './migrations.ts';
import type { VectorSource } from './vector-source.ts';

/** The tables of one subject, and all that the rest of this package has to know of them. */
export interface Domain {
  readonly migrations: Migrations;
  /** The vectors among them that are searched. */
  readonly vectors?: VectorSource;
}
