// Deep equality as the original has it. Node's `isDeepStrictEqual` differs where tests would notice
// (0 and -0, objects without a prototype, errors), so it cannot are in.

/** Says whether two values are equal, deeply: own enumerable properties, entries, bytes, times. */
export function equal(actual: unknown, expected: unknown): boolean {
  return areEqual(actual, expected, new Map());
}

/** `seen` pairs the objects being compared higher up, so that circles come to an end. */
function areEqual(a: unknown, b: unknown, seen: Map<object, object>): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  if (!haveSameConstructor(a, b)) return false;

  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (a instanceof RegExp || a instanceof URL) return String(a) === String(b);
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return haveSameBytes(a, b);
  if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) {
    return haveSameBytes(new Uint8Array(a), new Uint8Array(b));
  }

  if (seen.get(a) === b) return true;
  seen.set(a, b);
  if (a instanceof Set && b instanceof Set) return haveSameEntries(a, b, seen);
  if (a instanceof Map && b instanceof Map) return haveSameEntries(a, b, seen);
  return haveSameProperties(a, b, seen);
}

function haveSameConstructor(a: object, b: object): boolean {
  return (a.constructor ?? Object) === (b.constructor ?? Object);
}

function haveSameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  if (a.byteLength !== b.byteLength) return false;
  const left = new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
  const right = new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
  return left.every((byte, at) => byte === right[at]);
}

/** Sets come with each value as its own key. */
function haveSameEntries(
  a: ReadonlySet<unknown> | ReadonlyMap<unknown, unknown>,
  b: ReadonlySet<unknown> | ReadonlyMap<unknown, unknown>,
  seen: Map<object, object>,
): boolean {
  if (a.size !== b.size) return false;
  const unmatched = new Map(b.entries());
  for (const [key, value] of a.entries()) {
    if (unmatched.has(key) && areEqual(value, unmatched.get(key), seen)) {
      unmatched.delete(key);
      continue;
    }
    // Keys may be objects that are equal without being the same.
    const match = typeof key === "object" &&
      [...unmatched].find(([otherKey, otherValue]) =>
        areEqual(key, otherKey, seen) && areEqual(value, otherValue, seen)
      );
    if (!match) return false;
    unmatched.delete(match[0]);
  }
  return true;
}

function haveSameProperties(a: object, b: object, seen: Map<object, object>): boolean {
  const keys = ownEnumerableKeys(a);
  if (keys.length !== ownEnumerableKeys(b).length) return false;
  return keys.every((key) => key in b && areEqual(Reflect.get(a, key), Reflect.get(b, key), seen));
}

function ownEnumerableKeys(value: object): PropertyKey[] {
  return Reflect.ownKeys(value).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key)
  );
}
