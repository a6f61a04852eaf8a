/**
 * How much a property, kill or fault test tries: a few cases while somebody works, all of them in
 * continuous integration (`CI=true`, which `.ci/run` sets).
 * @module
 */

const IS_CI = Deno.env.get("CI") === "true";

/** The number of cases to try. @param all in continuous integration @param few otherwise */
export function cases(all: number, few: number): number {
  return IS_CI ? all : few;
}
