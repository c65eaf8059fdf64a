/**
 * The SQL that leads to each schema version in which some tables changed, by that version. It is plain text: what a file on
 * a user's disk was made with must not follow the constants of a later release. A released text never changes.
 */
export type Migrations = Readonly<Record<number, string>>;
