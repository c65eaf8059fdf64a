// Dies in the middle of a transaction under a rollback journal, as an upgrade of an earlier release's file runs in.
import { connect } from '../../src/connection/connect.ts';

const db = connect(process.argv[2] ?? '');
db.pragma('journal_mode = DELETE');
db.pragma('cache_size = 10');
db.exec("BEGIN IMMEDIATE; UPDATE messages SET content = 'lost ' || id; DELETE FROM messages WHERE id > 1000");
process.kill(process.pid, 'SIGKILL');
