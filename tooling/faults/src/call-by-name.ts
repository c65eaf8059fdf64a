/** Calls a method whose name is only known at run time. */
export function callByName(target: object, name: string, args: readonly unknown[]): unknown {
  const method = Reflect.get(target, name);
  if (typeof method !== 'function') throw new TypeError(`There is no method ${name}`);
  return Reflect.apply(method, target, args);
}
