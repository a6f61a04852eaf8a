import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { withBucket } from "../helpers/backup_tasks.ts";

Deno.test("createBucket() makes a bucket from which nothing is lost and nothing leaks", async () => {
  await withBucket(async ({ server, run }) => {
    server.bucket = undefined;
    const none = await run("create_bucket");
    assertEquals(none.code, 2);
    assertMatch(none.stderr, /^Cannot create the bucket: no location given: [^\n]*\n$/);

    const made = await run("create_bucket", "--location", "europe-west6");
    assertEquals(made.code, 0, made.stderr);
    assertEquals(server.bucket, {
      name: "bucket",
      location: "EUROPE-WEST6",
      softDeletePolicy: { retentionDurationSeconds: 1209600 },
      iamConfiguration: {
        uniformBucketLevelAccess: { enabled: true },
        publicAccessPrevention: "enforced",
      },
    });
    const again = await run("create_bucket", "--location", "EUROPE-WEST6");
    assertEquals([again.code, again.stderr], [0, ""]);
    assertStringIncludes(again.stdout, "is there as wanted");
  });
});

Deno.test("createBucket() says how the bucket that is there differs, and changes nothing", async () => {
  await withBucket(async ({ server, run }) => {
    server.bucket = {
      location: "US",
      softDeletePolicy: { retentionDurationSeconds: "604800" },
      iamConfiguration: { publicAccessPrevention: "inherited" },
    };
    const before = structuredClone(server.bucket);
    const { code, stderr } = await run("create_bucket", "--location", "EU");
    assertEquals([code, server.bucket], [1, before]);
    assertStringIncludes(stderr, "location US, expected location EU; soft delete 7 days, expected");
    assertStringIncludes(
      stderr,
      "public access prevention off, expected public access prevention on",
    );
  });
});
