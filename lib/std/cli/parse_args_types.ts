// The types of `parseArgs`: which flag of the result has which type, read off the options.

/**
 * What `parseArgs` is reported. `B`, `S`, `C` and `N` are the names of the boolean, string, collected
 * and negatable flags, `D` the defaults, `A` the aliases, `DD` whether "--" is wanted.
 */
export interface ParseOptions<
  B extends string = string,
  S extends string = string,
  C extends string = string,
  N extends string = string,
  D extends Record<string, unknown> = Record<string, unknown>,
  A extends Aliases = Aliases,
  DD extends boolean = boolean,
> {
  /** True puts what follows "--" into the result's "--" instead of its `_`. */
  "--"?: DD;
  /** Other names of a flag; the result has the value under each of them. */
  alias?: A;
  /** Flags that take no value and are false when not given. */
  boolean?: B | readonly B[];
  /** Flags whose values are gathered into an array, empty when not given. */
  collect?: C | readonly C[];
  /** Values of flags that are not given. */
  default?: D;
  /** Flags that "--no-NAME" sets to false. */
  negatable?: N | readonly N[];
  /** Stop at the first argument that is not a flag; the rest goes into `_` as it is. */
  stopEarly?: boolean;
  /** Flags whose values stay text even when they look like numbers. */
  string?: S | readonly S[];
  /** Called for each argument that the options do not know; false leaves it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** Aliases by flag name. */
export type Aliases = Record<string, string | readonly string[]>;

/** What `parseArgs` gives: the flags' values, and in `_` the arguments that are no flags. */
export type Args<
  // deno-lint-ignore no-explicit-any -- as in the original: untyped flags may be anything
  V = Record<string, any>,
  DD extends boolean = false,
> = V & { _: Array<string | number> } & (true extends DD ? { "--": string[] } : unknown);

/** The flags' values; without any boolean, string or collected flag, nothing is known of them. */
export type Values<
  B extends string,
  S extends string,
  C extends string,
  N extends string,
  D extends Record<string, unknown>,
  A extends Aliases,
> = [B | S | C] extends [never]
  // deno-lint-ignore no-explicit-any -- as in the original: untyped flags may be anything
  ? Record<string, any>
  : Record<string, unknown> & WithAliases<WithDefaults<Declared<B, S, C, N>, D>, A>;

type Declared<B extends string, S extends string, C extends string, N extends string> =
  & { [K in Exclude<B, C>]: boolean }
  & { [K in Extract<B, C>]: boolean[] }
  & { [K in Exclude<S, C>]?: string | Negated<K, N> }
  & { [K in Extract<S, C>]: string[] | Negated<K, N> }
  & { [K in Exclude<C, B | S>]: unknown[] | Negated<K, N> };

type Negated<K, N> = K extends N ? false : never;

type WithDefaults<T, D> =
  & Omit<T, keyof D>
  & { [K in keyof D]: K extends keyof T ? D[K] | NonNullable<T[K]> : unknown };

type WithAliases<T, A> = { [K in keyof T as K | AliasOf<K, A>]: T[K] };

type AliasOf<K, A> = K extends keyof A
  ? A[K] extends string ? A[K] : A[K] extends readonly string[] ? A[K][number] : never
  : never;
