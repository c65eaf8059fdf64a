// Rows lie in pages; `pages` is the address of a table of page addresses. A list names rows by slot; at address 0 there is
// none, which stands for all rows.

export const MAX_PAGE_BITS: u32 = 12;
export const MAX_PAGE_ROWS: u32 = 1 << MAX_PAGE_BITS;

/** Returns how many rows a page has, as a power of 2: at most 4096, and no more than take a mebibyte if each is wide. */
export function pageBits(width: u32): u32 {
  return width <= 256 ? MAX_PAGE_BITS : max<i32>(clz(width - 1) - 12, 0);
}

export function slotAt(list: usize, place: u32): u32 {
  return list === 0 ? place : load<u32>(list + (place << 2));
}

export function rowAddress(pages: usize, slot: u32, width: u32, bits: u32): usize {
  return <usize>load<u32>(pages + ((slot >> bits) << 2)) + <usize>(slot & ((1 << bits) - 1)) * width;
}
