/**
 * Which packages repositories say that they publish, and how the package index is asked about them.
 * @module
 */

import { sealedEntries, type SealedRun } from "../storage/sealed_run.ts";
import { readManifest } from "./manifests.ts";
import { type Ecosystem, packageKey, packageUrl, repositoryUrlOfGithub } from "./package_names.ts";
import { repositoryAnswers } from "./repository_answers.ts";
import { parseRepository } from "./repository_ref.ts";

/** One repository with the names under which an index may know it, and what its manifests declare. */
export interface DeclaredPackages {
  repository: string;
  /** Asked and current name, in lowercase letters. */
  keys: string[];
  declared: { ecosystem: Ecosystem; name: string; uuid: string | null }[];
}

/** What every repository declares that a download, or all its shards, have an answer for. */
export async function readDeclaredPackages(runs: SealedRun[]): Promise<DeclaredPackages[]> {
  const found: DeclaredPackages[] = [];
  for (const run of runs) {
    for await (const answer of repositoryAnswers(run.folder, await sealedEntries(run))) {
      const names = [answer.repository, answer.current_name ?? answer.repository];
      const declared = answer.files.map(readManifest)
        .flatMap(({ ecosystem, name, uuid }) => name === null ? [] : [{ ecosystem, name, uuid }]);
      found.push({
        repository: answer.repository,
        keys: [...new Set(names.map((name) => name.toLowerCase()))],
        declared,
      });
    }
  }
  return found;
}

/**
 * How to ask for everything from these repositories: package URLs for GitHub, addresses for other
 * hosts. The index follows no renames, so that both names are requested. Gone repositories are
 * requested too: their packages live on.
 */
export function askedRepositories(
  repositories: DeclaredPackages[],
): { purls: string[]; urls: string[] } {
  const purls = new Set<string>();
  const urls = new Set<string>();
  for (const key of repositories.flatMap(({ keys }) => keys)) {
    const ref = parseRepository(key);
    if (!("service" in ref)) continue;
    if (ref.service === "github") purls.add(repositoryUrlOfGithub(ref.path));
    else urls.add(`https://${ref.host}/${ref.path}`);
  }
  return { purls: [...purls], urls: [...urls] };
}

/** Package URLs of declared names that are not among `confirmed` ("repository package"). */
export function declaredPurls(
  repositories: DeclaredPackages[],
  confirmed: ReadonlySet<string>,
): string[] {
  const purls = new Set<string>();
  for (const { keys, declared } of repositories) {
    for (const { ecosystem, name, uuid } of declared) {
      const key = packageKey(ecosystem, name);
      if (keys.some((repository) => confirmed.has(`${repository} ${key}`))) continue;
      purls.add(packageUrl(ecosystem, name, uuid));
    }
  }
  return [...purls];
}
