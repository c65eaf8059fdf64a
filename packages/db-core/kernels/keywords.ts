import { MAX_PAGE_BITS, rowAddress, slotAt } from './rows';

/** Keeps the listed rows that have one word; returns how many there are. */
export function keepWord(list: usize, count: u32, pages: usize, word: u32, kept: usize): u32 {
  const wanted = i32x4.splat(word);
  let size: u32 = 0;
  let i: u32 = 0;
  if (list === 0) {
    for (; i + 4 <= count; i += 4) {
      let found = i32x4.bitmask(i32x4.eq(v128.load(rowAddress(pages, i, 4, MAX_PAGE_BITS)), wanted));
      while (found !== 0) {
        store<u32>(kept + (size++ << 2), i + ctz(found));
        found &= found - 1;
      }
    }
  }
  for (; i < count; i++) {
    const slot = slotAt(list, i);
    if (load<u32>(rowAddress(pages, slot, 4, MAX_PAGE_BITS)) === word) store<u32>(kept + (size++ << 2), slot);
  }
  return size;
}

/** Keeps the listed rows that have one of several words: `wanted` has a byte for each word, 1 where it is one of them. */
export function keepWords(list: usize, count: u32, pages: usize, wanted: usize, kept: usize): u32 {
  let size: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const slot = slotAt(list, i);
    const word = load<u32>(rowAddress(pages, slot, 4, MAX_PAGE_BITS));
    if (load<u8>(wanted + word) !== 0) store<u32>(kept + (size++ << 2), slot);
  }
  return size;
}
