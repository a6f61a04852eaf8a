import { TransientFailure } from "./failures.ts";

/** Answers that must keep coming: the time limit of a request holds for each piece of its body. */

/** Aborts when nothing has come for the allowed time, or when the run is stopped. */
export class Watch {
  expired = false;
  #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop: () => void;

  constructor(readonly seconds: number, readonly outer: AbortSignal) {
    this.#stop = () => this.#controller.abort(outer.reason);
    outer.addEventListener("abort", this.#stop, { once: true });
    this.touch();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.expired = true;
      this.#controller.abort(new Error("time limit"));
    }, this.seconds * 1000);
  }

  /** Also lets go of a body that no one read to its end. */
  end(): void {
    clearTimeout(this.#timer);
    this.outer.removeEventListener("abort", this.#stop);
    this.#controller.abort();
  }
}

/** The same answer, whose body touches the watch at every piece. */
export function watched(response: Response, watch: Watch): Response {
  if (response.body === null) return response;
  const body = response.body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(piece, controller) {
        watch.touch();
        controller.enqueue(piece);
      },
    }),
  );
  const { status, statusText, headers } = response;
  const copy = new Response(body, { status, statusText, headers });
  Object.defineProperty(copy, "url", { value: response.url });
  return copy;
}

/** So much has to come within the time limit, or the rest of the answer. */
const LEAST_BYTES = 1 << 16;

/**
 * The body in one piece. Read in large pieces into one buffer: each wait for the network costs as
 * much as 60 kB, each copy as much as the transfer.
 * @param expected bytes that the body will probably have
 */
export async function wholeBody(
  response: Response,
  watch: Watch,
  most: number,
  expected: number,
): Promise<Uint8Array> {
  let buffer = new Uint8Array(Math.max(LEAST_BYTES, expected));
  let length = 0;
  const reader = response.body?.getReader({ mode: "byob" });
  for (let end = reader === undefined; !end;) {
    if (length === buffer.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(buffer);
      buffer = larger;
    }
    const free = buffer.subarray(length);
    // the buffer goes to the stream and comes back with what was read
    const read = await reader!.read(free, { min: Math.min(LEAST_BYTES, free.length) });
    watch.touch();
    end = read.done;
    if (read.value === undefined) break;
    buffer = new Uint8Array(read.value.buffer);
    length += read.value.length;
    if (length > most) {
      await reader!.cancel();
      throw new TransientFailure(`an answer of more than ${most / 1e6} MB`, { timedOut: true });
    }
  }
  return buffer.subarray(0, length);
}
