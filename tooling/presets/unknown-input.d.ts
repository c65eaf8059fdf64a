// Where the standard library says `any`, what comes in is `unknown` until it is checked: these overloads are tried first.

interface JSON {
  parse(text: string, reviver?: (this: unknown, key: string, value: unknown) => unknown): unknown;
}

interface ArrayConstructor {
  isArray<Value>(
    value: Value,
  ): value is [Extract<Value, readonly unknown[]>] extends [never]
    ? Value & unknown[]
    : Extract<Value, readonly unknown[]>;
}

declare namespace Reflect {
  function get(target: object, property: PropertyKey, receiver?: unknown): unknown;
}

interface ObjectConstructor {
  (): Record<PropertyKey, unknown>;
  (value: unknown): Record<PropertyKey, unknown>;
}
