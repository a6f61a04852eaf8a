import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { SITE_KEY_VARIABLES } from "../lib/pipeline/config.ts";

/** What the sets of permissions in deno.json allow, and that a task cannot do what its set forbids. */

type Permissions = Record<string, true | string[]>;

const { tasks, permissions } = JSON.parse(await Deno.readTextFile("deno.json")) as {
  tasks: Record<string, { command: string }>;
  permissions: Record<string, Permissions>;
};

/** Tries each in turn, and prints the names of those that were allowed. */
const ATTEMPTS = `
const attempts = {
  read: () => Deno.readTextFile("deno.json"),
  write: () => Deno.writeTextFile(Deno.args[0], ""),
  "net 127.0.0.1": () => Deno.listen({ hostname: "127.0.0.1", port: 0 }).close(),
  "net example.org": () => Deno.connect({ hostname: "example.org", port: 1 }),
  "env ARTIFACTS_DIR": () => Deno.env.get("ARTIFACTS_DIR"),
  "env GITHUB_TOKEN": () => Deno.env.get("GITHUB_TOKEN"),
  "env CKAN_API_KEY": () => Deno.env.get("CKAN_API_KEY"),
  "env AWS_SECRET_ACCESS_KEY": () => Deno.env.get("AWS_SECRET_ACCESS_KEY"),
  "sys hostname": () => Deno.hostname(),
  "sys osRelease": () => Deno.osRelease(),
  run: () => new Deno.Command(Deno.execPath(), { args: ["--version"] }).output(),
};
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    await attempt();
    console.log(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) console.log(name);
  }
}`;

async function allowedBy(set: string): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  try {
    const script = join(folder, "attempts.ts");
    await Deno.writeTextFile(script, ATTEMPTS);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-q", "--no-prompt", "--no-lock", "--config", "deno.json", `-P=${set}`],
        script,
        join(folder, "written"),
      ],
    }).output();
    return new TextDecoder().decode(stdout).trim().split("\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a task cannot do what its set of permissions forbids", async () => {
  assertEquals(await allowedBy("read"), ["read", "env ARTIFACTS_DIR"]);
  assertEquals(await allowedBy("files"), ["read", "write", "env ARTIFACTS_DIR", "sys hostname"]);
  assertEquals(await allowedBy("serve"), ["read", "net 127.0.0.1", "env ARTIFACTS_DIR"]);
  const local = await allowedBy("demo");
  assert(local.includes("net 127.0.0.1") && !local.includes("net example.org"), local.join());
});

Deno.test("only the sets for the bucket read every variable, and none but the tests' starts programs", () => {
  const sets = Object.entries(permissions);
  const having = (name: string, value: unknown) =>
    sets.filter(([, set]) => set[name] === value).map(([name]) => name).sort();
  assertEquals(having("env", true), ["bucket", "network", "test"]);
  assertEquals(having("run", true), ["test"]);
  assertEquals(having("sys", true), ["bucket", "network", "test"]);
  for (const [name, set] of sets) {
    const isOpen = set.net === true;
    const isForService = [
      "portal",
      "corpus",
      "code_search",
      "code_hosts",
      "package_index",
      "services",
    ];
    assertEquals(isOpen, [...isForService, "network"].includes(name), name);
  }
});

Deno.test("the tokens of one service are not readable by the tasks of another", () => {
  const readers = (variable: string) =>
    Object.entries(permissions)
      .filter(([, { env }]) => Array.isArray(env) && env.includes(variable))
      .map(([name]) => name);
  assertEquals(readers("GITHUB_TOKEN"), ["code_search", "code_hosts", "services", "demo"]);
  assertEquals(readers("SOURCEGRAPH_TOKEN"), ["code_search", "services", "demo"]);
  for (const beginning of SITE_KEY_VARIABLES) {
    assertEquals(readers(`${beginning}_*`), ["portal", "services"], beginning);
  }
});

Deno.test("every task that runs code names a set, and its line fits a terminal", () => {
  const names = new Set<string>();
  for (const [name, { command }] of Object.entries(tasks)) {
    assert(command.length <= 100, `the line of "${name}" has ${command.length} characters`);
    assert(!command.includes("--allow-"), `"${name}" has permissions outside the sets`);
    const set = /-P=(\w+)/.exec(command)?.[1];
    assert(set !== undefined || name === "ok", `"${name}" names no set`);
    if (set !== undefined) names.add(set);
  }
  assertEquals([...names].sort(), Object.keys(permissions).sort());
});
