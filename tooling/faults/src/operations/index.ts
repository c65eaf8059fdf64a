import { operation as backup } from './backup.ts';
import { operation as checkpoint } from './checkpoint.ts';
import { operation as legacyImport } from './import.ts';
import type { Operation } from './operation.ts';
import { operation as quarantine } from './quarantine.ts';
import { operation as reembed } from './reembed.ts';
import { operation as restoreBackup } from './restore-backup.ts';
import { operation as salvage } from './salvage.ts';
import { operation as upgrade } from './upgrade.ts';
import { operation as vacuum } from './vacuum.ts';

/** The operations by the names of their files, which a worker loads one of. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  backup,
  checkpoint,
  'restore-backup': restoreBackup,
  salvage,
  quarantine,
  vacuum,
  upgrade,
  import: legacyImport,
  reembed,
};
