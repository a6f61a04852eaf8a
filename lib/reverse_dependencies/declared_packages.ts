import { sealedEntries, type SealedRun } from "../storage/sealed_run.ts";
import type { State } from "./repository_metadata.ts";
import { type Ecosystem, readManifest } from "./manifests.ts";
import { packageKey, packageUrl, repositoryUrlOfGithub } from "./package_names.ts";
import { placeOf } from "./repository_ref.ts";
import { repositoryAnswers } from "./repository_answers.ts";

/** What repositories say that they publish, and how the package index is asked about it. */

/** One repository with the names under which an index may know it. */
export interface Claim {
  repository: string;
  state: State;
  /** In small letters, asked and current name. */
  keys: string[];
  declared: { ecosystem: Ecosystem; name: string; uuid: string | null }[];
}

export type Claims = Claim[];

/** The claims of every repository that a download, or all its shards, have an answer for. */
export async function readClaims(runs: SealedRun[]): Promise<Claims> {
  const claims: Claims = [];
  for (const run of runs) claims.push(...await claimsOf(run));
  return claims;
}

async function claimsOf(run: SealedRun): Promise<Claims> {
  const claims: Claims = [];
  for await (const answer of repositoryAnswers(run.folder, await sealedEntries(run))) {
    const names = [answer.repository, answer.facts?.current_name ?? answer.repository];
    const declared = answer.files.map(readManifest)
      .flatMap(({ ecosystem, name, uuid }) => name === null ? [] : [{ ecosystem, name, uuid }]);
    claims.push({
      repository: answer.repository,
      state: answer.state,
      keys: [...new Set(names.map((name) => name.toLowerCase()))],
      declared,
    });
  }
  return claims;
}

/**
 * How to ask for everything from these repositories: package URLs for GitHub, addresses for other
 * hosts. The index follows no renames, so that both names are asked for. Gone repositories are
 * asked for too: their packages live on.
 */
export function askedRepositories(claims: Claims): { purls: string[]; urls: string[] } {
  const purls = new Set<string>();
  const urls = new Set<string>();
  for (const key of claims.flatMap(({ keys }) => keys)) {
    const place = placeOf(key);
    if (!("service" in place)) continue;
    if (place.service === "github") purls.add(repositoryUrlOfGithub(place.path));
    else urls.add(`https://${place.host}/${place.path}`);
  }
  return { purls: [...purls], urls: [...urls] };
}

/** Package URLs of declared names that are not among `confirmed` ("repository package"). */
export function declaredPurls(claims: Claims, confirmed: ReadonlySet<string>): string[] {
  const purls = new Set<string>();
  for (const { keys, declared } of claims) {
    for (const { ecosystem, name, uuid } of declared) {
      const key = packageKey(ecosystem, name);
      if (keys.some((repository) => confirmed.has(`${repository} ${key}`))) continue;
      purls.add(packageUrl(ecosystem, name, uuid));
    }
  }
  return [...purls];
}
