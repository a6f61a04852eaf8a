import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { buildSmallFinal } from "../helpers/explorer_site.ts";
import { runTask } from "../helpers/run_task.ts";

/** What the task runs, without the wrapper that would get the signals. */
async function argumentsOfServe(): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  return tasks.serve.command.split(" ").slice(1);
}

Deno.test("serve() answers on 127.0.0.1 with the permissions of its task, until it is reported to stop", async () => {
  const root = await Deno.makeTempDir();
  try {
    await buildSmallFinal(root);
    const args = await argumentsOfServe();
    const process = new Deno.Command(Deno.execPath(), {
      args: [...args, "--port", "0", "--artifacts-dir", root],
      env: { NO_COLOR: "1" },
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const { value: line } = await reader.read();
    const address = line!.trim();
    const site = await (await fetch(`${address}small`)).text();
    const sigma = await (await fetch(`${address}static/sigma.js`)).text();
    process.kill("SIGTERM");
    assertEquals((await process.status).code, 0);
    await reader.cancel();
    assertStringIncludes(site, "Datasets mentioned");
    assertStringIncludes(sigma, "Sigma");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("serve() says in one line what is wrong with its flags or missing", async () => {
  const root = await Deno.makeTempDir();
  try {
    const port = await runTask("serve", "--artifacts-dir", root, "--port", "x");
    assertEquals(port.code, 2);
    assertStringIncludes(port.stderr, 'Cannot show the explorer: --port is "x"');
    const none = await runTask("serve", "--artifacts-dir", root);
    assertEquals(none.code, 1);
    assertStringIncludes(none.stderr, 'run "deno task 09_build_final" first');
    const site = await runTask("serve", "--artifacts-dir", root, "--site", "other");
    assertEquals(site.code, 2);
    assertStringIncludes(site.stderr, 'no site "other"');
  } finally {
    await Deno.remove(root);
  }
});

Deno.test("serve() ends within its grace although an answer is never read", async () => {
  const root = await Deno.makeTempDir();
  try {
    await buildSmallFinal(root);
    const process = new Deno.Command(Deno.execPath(), {
      args: [...await argumentsOfServe(), "--port", "0", "--artifacts-dir", root],
      env: { NO_COLOR: "1" },
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const { value: line } = await reader.read();
    const slow = await Deno.connect({ port: Number(new URL(line!.trim()).port) });
    // more than the buffers of a connection hold, and only the first byte of it is read
    const request = "GET /static/sigma.js HTTP/1.1\r\nHost: localhost\r\n\r\n";
    await slow.write(new TextEncoder().encode(request.repeat(200)));
    await slow.read(new Uint8Array(1));
    const started = performance.now();
    process.kill("SIGINT");
    assertEquals((await process.status).code, 0);
    assert(performance.now() - started < 10_000, "it did not end");
    slow.close();
    await reader.cancel();
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
