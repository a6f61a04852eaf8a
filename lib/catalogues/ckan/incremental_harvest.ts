import type { Context } from "../../pipeline/stage.ts";
import type { Outcome } from "../../pipeline/run_log.ts";
import type { CkanPortal } from "./portal.ts";
import { Changes } from "./changes.ts";
import type { Parent } from "./parent.ts";
import { nothingNew, sealChanges } from "./seal.ts";

/**
 * A harvest of what changed. A look at the id and time of every dataset comes first: whatever differs
 * from what the harvests before hold is asked for, however wrong the portal's clock may be, and what
 * is no longer there is gone. The portal's times are only compared with its own.
 */

/**
 * Harvests what changed since the parent, goes on with doing so, or says that nothing did; undefined
 * where everything is to be asked for: the portal refuses the look, or too much changed.
 */
export async function harvestChanges(
  context: Context,
  portal: CkanPortal,
  parent: Parent,
  identity: Record<string, unknown>,
): Promise<Outcome | undefined> {
  const changes = new Changes(context, portal, parent, { ...identity, parent: parent.run.name });
  try {
    await changes.takeUp();
    const first = await changes.look();
    if (first === undefined || !await changes.fetch(first)) return undefined;
    const end = changes.reading === undefined
      ? { count: first.count, newest: changes.newest }
      : await changes.catchUp(first);
    if (changes.isNothing(end)) {
      await changes.discard();
      return nothingNew(context, parent.run, { count: first.count, newest: changes.newest });
    }
    await changes.begin();
    return await sealChanges(context, changes, first, end);
  } finally {
    changes.reading?.run.close();
  }
}
