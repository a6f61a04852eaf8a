/** A server before another one: it answers in its place where the test wants it to. */
export interface Gateway {
  endpointUrl: string;
  requests: { url: URL; headers: Headers }[];
  close(): Promise<void>;
}

/** What the gateway does with a request: answers itself, changes the real answer, or lets it pass. */
export type Intercept = (
  url: URL,
  number: number,
  pass: () => Promise<Response>,
) => Response | undefined | Promise<Response | undefined>;

/** Starts a gateway on 127.0.0.1; without a server behind it `pass` must not be called. */
export function startGateway(behind: string | undefined, intercept: Intercept): Gateway {
  const requests: Gateway["requests"] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const url = new URL(request.url);
      requests.push({ url, headers: request.headers });
      const pass = () => fetch(`${behind}${url.search}`);
      return await intercept(url, requests.length, pass) ?? await pass();
    },
  );
  return {
    endpointUrl: `http://127.0.0.1:${server.addr.port}/api/3/action/package_search`,
    requests,
    close: () => server.shutdown(),
  };
}
