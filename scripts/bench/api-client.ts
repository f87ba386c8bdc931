import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import https from "node:https";
import type { ClusterServer } from "@/lib/server/testing/start-cluster";

/** One kept-alive connection to a server's wire endpoints, with its token. */
export interface ApiClient {
  /** A WHM API 1 call. @returns its data. @throws Error with the reason of a failed call. */
  call(name: string, form: Readonly<Record<string, string>>): Promise<Record<string, unknown>>;
  /** Replaces zones in bulk, as a cluster member does. */
  sendZones(zones: readonly { name: string; text: string }[]): Promise<void>;
  close(): void;
}

export function apiClient(server: ClusterServer): ApiClient {
  // The certificate was made a moment ago by a server of this run.
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  const post = async (path: string, body: string): Promise<string> => {
    const headers = { authorization: `whm root:${server.token}`, "content-type": "application/octet-stream" };
    const request = https.request(server.process.url + path, { method: "POST", agent, headers });
    request.end(body);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of response) text += chunk;
    if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}: ${text.slice(0, 500)}`);
    return text;
  };
  return {
    async call(name, form) {
      const answer = JSON.parse(
        await post(`/json-api/${name}`, String(new URLSearchParams({ "api.version": "1", ...form }))),
      );
      if (answer.metadata?.result !== 1) throw new Error(`${name} failed: ${answer.metadata?.reason}`);
      return answer.data;
    },
    async sendZones(zones) {
      const form = zones.map(
        ({ name, text }) => `cpdnszone-${encodeURIComponent(name.slice(0, -1))}=${encodeURIComponent(text)}`,
      );
      await post("/scripts2/synczones_local", form.join("&"));
    },
    close: () => agent.destroy(),
  };
}
