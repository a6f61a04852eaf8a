import { assertEquals } from "@std/assert";
import { publishDependents, publishMentions } from "../helpers/small_dependents.ts";
import { inSmallSite } from "../helpers/small_site.ts";
import { finalRows, publishCatalogue, type smallSite } from "../helpers/small_snapshots.ts";

type Site = ReturnType<typeof smallSite>;

async function rows(site: Site, sql: string): Promise<unknown[]> {
  return (await finalRows(site, sql)).map((row) => Object.values(row));
}

Deno.test("buildFinal() counts each repository and package once in a dataset's reach, forks apart", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site);
    await publishMentions(site);
    await publishDependents(site);
    const { code, stderr } = await run("09_build_final");
    assertEquals(code, 0, stderr);
    assertEquals(
      await rows(
        site,
        `select match_kind, counted_as, repositories, stars, packages, largest_package,
            dependent_packages_largest, dependent_packages_sum
        from final_dataset_reach where dataset_id = 'd1' order by all`,
      ),
      [
        ["any", "fork", 1, 1, 0, null, null, null],
        ["any", "original", 2, 15, 3, "npm: lib", 100, 140],
        ["exact", "fork", 1, 1, 0, null, null, null],
        ["exact", "original", 2, 15, 3, "npm: lib", 100, 140],
        ["landing_page", "original", 1, 10, 1, "npm: lib", 100, 100],
      ],
    );
    assertEquals(
      await rows(
        site,
        `select match_kind, counted_as, repositories, packages, dependent_packages_sum
        from final_organization_reach where organization_id = 'o1' and match_kind = 'any'
        order by all`,
      ),
      [["any", "fork", 1, 0, null], ["any", "original", 2, 3, 140]],
    );
    assertEquals(
      await rows(
        site,
        `select ecosystem, name, is_confirmed, is_declared, counted_as, repositories, datasets,
            dependent_packages_count
        from final_packages order by all`,
      ),
      [
        ["npm", "lib", true, true, "original", 2, 1, 100],
        // somebody else's package, whose name b/app's manifest has
        ["npm", "lodash", false, true, "original", 1, 1, null],
        ["npm", "quiet", true, false, "original", 1, 1, null],
        ["pypi", "lib", true, false, "original", 1, 1, 40],
      ],
    );
  }));

Deno.test("buildFinal() has reach without packages when no one requested dependents", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site);
    await publishMentions(site);
    const { code, stderr } = await run("09_build_final");
    assertEquals(code, 0, stderr);
    assertEquals(await rows(site, "from final_packages"), []);
    assertEquals(
      await rows(
        site,
        `select repositories, packages, dependent_packages_sum from final_dataset_reach
        where match_kind = 'any' and counted_as = 'original'`,
      ),
      [[3, 0, null]],
    );
  }));
