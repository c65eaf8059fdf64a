/** How much is tried: enough for every test run, or as much as is worth an hour. */
export const IS_LONG = process.env['CODEBUDDY_FAULTS'] === 'long';

/** Chooses between the numbers of the short and the long run. */
export function scaled(short: number, long: number): number {
  return IS_LONG ? long : short;
}
