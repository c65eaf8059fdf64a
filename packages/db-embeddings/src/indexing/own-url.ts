/** The address of this module. It has a file of its own, since code that was turned into CommonJS can't even read this. */
export const ownUrl: string | undefined = import.meta.url;
