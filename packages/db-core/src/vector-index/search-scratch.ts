import { type Arena, Scratch } from './wasm-arena.ts';

/** The memory that searches of one index use, each part for one of their steps. */
export type SearchScratch = ReturnType<typeof makeScratch>;

/** Makes the memory that searches of one index use. */
export function makeScratch(arena: Arena) {
  const scratch = () => new Scratch(arena);
  return {
    /** The rows that pass the filter. */
    list: scratch(),
    histogram: scratch(),
    /** The distances of all listed rows, by their fronts and by their whole one-bit codes. */
    fronts: scratch(),
    rests: scratch(),
    /** The same of rows that are probed or bounded. */
    probedFronts: scratch(),
    probedRests: scratch(),
    probes: scratch(),
    /** The rows that their fronts leave, and their distances. */
    near: scratch(),
    keptDistances: scratch(),
    /** The rows that their whole one-bit codes leave. */
    candidates: scratch(),
    cosines: scratch(),
    /** One-bit codes on their way from the database. */
    bits1: scratch(),
    dots: scratch(),
    lowDots: scratch(),
  };
}
