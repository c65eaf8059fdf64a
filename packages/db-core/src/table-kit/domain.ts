import type { Migrations } from './migrations.ts';

/** The tables of one subject, and all that the rest of this package has to know of them. */
export interface Domain {
  readonly migrations: Migrations;
}
