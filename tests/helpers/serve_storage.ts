import { faultsByRate } from "../../lib/demo/services/service.ts";
import { STORAGE_FAULTS, StorageServer } from "./storage_server.ts";

/** The storage server as a process of its own: prints its address; the argument is the rate of faults. */
if (import.meta.main) {
  const rate = Number(Deno.args[0] ?? 0);
  const server = await StorageServer.start(faultsByRate(rate, STORAGE_FAULTS));
  console.log(server.url);
}
