export { type LegacyExpectation, type LegacyInstallSize, writeLegacyInstall } from './write-legacy-install.ts';
