import { afterEach, expect, it } from "vitest";
import { type InternalListener, listenInternally } from "./internal-listener";

let listener: InternalListener | undefined;
afterEach(() => listener?.close());

it("answers requests that this process passed on, and nobody else", async () => {
  listener = await listenInternally(async (_request, response) => void response.end("page"));
  const headers: Record<string, string> = { "x-zonefleet-internal": "guessed" };
  expect((await fetch(listener.origin)).status).toBe(403);
  expect((await fetch(listener.origin, { headers })).status).toBe(403);
  listener.mark(headers);
  const answer = await fetch(listener.origin, { headers });
  expect(await answer.text()).toBe("page");
});
