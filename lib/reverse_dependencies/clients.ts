import { type Effects, HttpClient } from "../http/client.ts";

/** How each service is treated: paces are those that the services ask for, not the config's. */

/** Seconds that nobody minds waiting for a further allowance; a longer wait ends the stage. */
export const PATIENCE_SECONDS = 120;

/** A client that sends a request once: its caller decides what is asked after a failure. */
export function singleTryClient(
  name: string,
  headers: Record<string, string>,
  effects: Effects,
): HttpClient {
  const service = {
    name,
    timeoutSeconds: 60,
    attempts: 1,
    requestsPerSecond: 10,
    concurrency: 1,
    headers,
  };
  return new HttpClient(service, effects);
}

/** A client for hosts that are asked about one repository at a time. */
export function patientClient(
  name: string,
  headers: Record<string, string>,
  effects: Effects,
): HttpClient {
  // one after another; GitLab.com takes 400 projects a minute and address (2026), each is 3 requests
  const service = {
    name,
    timeoutSeconds: 60,
    attempts: 6,
    requestsPerSecond: 20,
    concurrency: 1,
    headers,
  };
  return new HttpClient(service, effects);
}
