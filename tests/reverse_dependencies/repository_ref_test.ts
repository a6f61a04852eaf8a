import { assertEquals } from "@std/assert";
import { parseRepository, repositoryKey } from "../../lib/reverse_dependencies/repository_ref.ts";
import { packageUrl, repositoryUrlOfGithub } from "../../lib/reverse_dependencies/package_names.ts";

Deno.test("parseRepository() knows which service to ask, and refuses names that lead elsewhere", () => {
  const service = (name: string) => {
    const place = parseRepository(name);
    return "service" in place ? place.service : null;
  };
  assertEquals(service("github.com/denoland/deno"), "github");
  assertEquals(service("GitHub.com/denoland/deno"), "github");
  assertEquals(service("gitlab.com/group/sub/project"), "gitlab");
  assertEquals(service("gitlab.gnome.org/GNOME/gimp"), "gitlab");
  assertEquals(service("bitbucket.org/team/tool"), "bitbucket");
  for (
    const name of [
      "codeberg.org/a/b",
      "github.com/a",
      "github.com/a/b/c",
      "github.com/a/..",
      "github.com/a/b?x=1",
      "github.com/a b/c",
      "gitlab.com/../../admin",
      "gitlab.com/a/..",
      "gitlab.localhost/a/b",
      "127.0.0.1/a/b",
      "gitlab.com@evil.org/a/b",
      "nothing",
      "",
    ]
  ) assertEquals(service(name), null, name);
});

Deno.test("parseRepository() asks no GitLab server that is not listed", () => {
  const reason = (name: string, hosts: string[]) => {
    const ref = parseRepository(name, hosts);
    return "reason" in ref ? ref.reason : ref.service;
  };
  const trap = "gitlab.127.0.0.1.nip.io";
  assertEquals(
    reason(`${trap}/a/b`, ["gitlab.gnome.org"]),
    `"${trap}" is not listed in repositories.gitlab_hosts`,
  );
  assertEquals(reason("gitlab.com/a/b", []), "gitlab");
  assertEquals(reason("gitlab.gnome.org/a/b", ["gitlab.gnome.org"]), "gitlab");
  assertEquals(reason("code.city.example/a/b", ["code.city.example"]), "gitlab");
});

Deno.test("repositoryKey() finds the same repository behind every way to write its address", () => {
  for (
    const address of [
      "https://github.com/Octo/Repo",
      "http://www.github.com/octo/repo/",
      "git+https://github.com/octo/repo.git",
      "git@github.com:octo/repo.git",
      "ssh://git@github.com:22/octo/repo",
      "https://github.com/octo/repo/tree/main/packages/x",
      "github.com/octo/repo#readme",
    ]
  ) assertEquals(repositoryKey(address), "github.com/octo/repo", address);
  assertEquals(repositoryKey("https://gitlab.com/a/b/c/-/tree/main"), "gitlab.com/a/b/c");
  for (const address of [null, "", "unknown", "https://github.com/octo"]) {
    assertEquals(repositoryKey(address), null);
  }
});

Deno.test("packageUrl() writes the URLs that the package index reads", () => {
  assertEquals(packageUrl("npm", "@quay/tides", null), "pkg:npm/%40quay/tides");
  assertEquals(packageUrl("go", "example.org/a/v2", null), "pkg:golang/example.org/a/v2");
  assertEquals(packageUrl("cran", "tidesR", null), "pkg:cran/tidesR");
  assertEquals(packageUrl("julia", "Tides", "336e"), "pkg:julia/Tides?uuid=336e");
  assertEquals(repositoryUrlOfGithub("Octo/Repo.js"), "pkg:github/octo/repo.js");
});
