// What the project relies on in @std/fs: holds for lib/std and for the original alike.

import { ensureDir } from "@std/fs/ensure-dir";
import { exists, existsSync } from "@std/fs/exists";
import { walk, type WalkOptions } from "@std/fs/walk";
import nodeAssert from "node:assert/strict";

Deno.test("exists() distinguishes files, folders and nothing", async () => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/file`;
  await Deno.writeTextFile(file, "");
  nodeAssert.deepEqual(
    [
      await exists(file),
      await exists(folder, { isDirectory: true }),
      await exists(file, { isDirectory: true }),
      await exists(folder, { isFile: true }),
      await exists(`${folder}/nothing`),
      existsSync(new URL(`file://${file}`), { isFile: true }),
      existsSync(`${folder}/nothing`),
    ],
    [true, true, false, false, false, true, false],
  );
  await nodeAssert.rejects(exists(file, { isFile: true, isDirectory: true }), TypeError);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("ensureDir() makes a folder with those above it, once, and not over a file", async () => {
  const folder = await Deno.makeTempDir();
  await Promise.all([ensureDir(`${folder}/a/b`), ensureDir(`${folder}/a/b`)]);
  await ensureDir(`${folder}/a/b`);
  nodeAssert.ok((await Deno.stat(`${folder}/a/b`)).isDirectory);

  await Deno.writeTextFile(`${folder}/file`, "kept");
  await nodeAssert.rejects(ensureDir(`${folder}/file`), /expected 'dir', got 'file'/);
  nodeAssert.equal(await Deno.readTextFile(`${folder}/file`), "kept");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("walk() gives what the options ask for", async () => {
  const root = await Deno.makeTempDir();
  await Deno.mkdir(`${root}/sub/deep`, { recursive: true });
  for (const path of ["one.sql", "two.ts", "sub/three.sql", "sub/deep/four.sql"]) {
    await Deno.writeTextFile(`${root}/${path}`, "");
  }
  await Deno.symlink(`${root}/sub`, `${root}/link`);

  const found = async (options?: WalkOptions): Promise<string[]> => {
    const paths: string[] = [];
    for await (const entry of walk(root, options)) {
      nodeAssert.ok(entry.path.endsWith(entry.name));
      paths.push(entry.path.slice(root.length + 1));
    }
    return paths.sort();
  };
  const files = ["one.sql", "sub/deep/four.sql", "sub/three.sql", "two.ts"];
  nodeAssert.deepEqual(await found(), ["", "link", ...files, "sub", "sub/deep"].sort());
  nodeAssert.deepEqual(await found({ includeDirs: false, includeSymlinks: false }), files);
  nodeAssert.deepEqual(await found({ exts: ["sql"] }), files.slice(0, 3));
  nodeAssert.deepEqual(await found({ exts: [".sql"], maxDepth: 1 }), ["one.sql"]);
  nodeAssert.deepEqual(await found({ includeFiles: false, includeSymlinks: false }), [
    "",
    "sub",
    "sub/deep",
  ]);
  nodeAssert.deepEqual(await found({ match: [/four/, /two/] }), ["sub/deep/four.sql", "two.ts"]);
  nodeAssert.deepEqual(await found({ skip: [/deep/], exts: ["sql"] }), [
    "one.sql",
    "sub/three.sql",
  ]);
  await nodeAssert.rejects(Array.fromAsync(walk(`${root}/nothing`)), Deno.errors.NotFound);
  await Deno.remove(root, { recursive: true });
});
