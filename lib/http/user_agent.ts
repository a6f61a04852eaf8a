import type { Environment } from "../cli/environment.ts";

/** How every service is reported who asks, with an address for complaints where `CONTACT_EMAIL` is set. */
export function userAgent(env: Environment): string {
  const contact = env("CONTACT_EMAIL")?.replace(/[^\x21-\x7e]/g, "");
  return `open-data-usage/1.0 (${
    contact ? `contact: ${contact}` : "research on use of open data"
  })`;
}
