import { readFileSync } from "node:fs";
import https from "node:https";
import path from "node:path";
import { applicationFolder } from "@/lib/application-folder";

export interface BrowserCall {
  /** Path and query. */
  readonly address: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The session, as "name=value". */
  readonly cookie?: string;
  /** The answer does not end: gives its head, and hangs up. */
  readonly isEndless?: boolean;
}

export interface BrowserAnswer {
  readonly status: number;
  /** Where it redirects to; "" when it does not. */
  readonly location: string;
  /** Content type; "" without one. */
  readonly type: string;
  readonly text: string;
}

/** One request to a server of this test, as a browser sends it: with its origin and its cookie. Follows nothing. */
export function browserCall(url: string, call: BrowserCall): Promise<BrowserAnswer> {
  return new Promise((resolve, reject) => {
    const { address, method = "GET", headers, body, cookie, isEndless } = call;
    const options = {
      method,
      // The certificate was made a moment ago by a server of this test.
      rejectUnauthorized: false,
      headers: { origin: url, ...(cookie ? { cookie } : {}), ...headers },
    };
    const request = https.request(`${url}${address}`, options, (response) => {
      const answer = (text: string) =>
        resolve({
          status: response.statusCode ?? 0,
          location: String(response.headers.location ?? response.headers["x-action-redirect"] ?? ""),
          type: response.headers["content-type"] ?? "",
          text,
        });
      if (isEndless) {
        answer("");
        return void response.destroy();
      }
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("error", reject);
      response.on("end", () => answer(text));
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** A server action of the build: its id, and a page that has it. */
export interface BuiltAction {
  readonly id: string;
  /** e.g. "(panel)/cluster/page.tsx" */
  readonly page: string;
}

/** @param file under app/ @throws Error when the build has no such action */
export function builtAction(file: string, name: string): BuiltAction {
  const manifestFile = path.join(applicationFolder(), ".next", "server", "server-reference-manifest.json");
  const manifest = JSON.parse(readFileSync(manifestFile, "utf8")) as {
    node: Record<string, { filename: string; exportedName: string; workers: Record<string, unknown> }>;
  };
  const found = Object.entries(manifest.node).find(
    ([, entry]) => entry.filename === `app/${file}` && entry.exportedName === name,
  );
  const page = Object.keys(found?.[1].workers ?? {}).find((worker) => worker.endsWith("/page"));
  if (!found || !page) throw new Error(`The build has no action ${name} of ${file}.`);
  return { id: found[0], page: `${page.replace(/^app\//, "")}.tsx` };
}

/** What posts to an action as the browser does, at the address of a page that has it. */
export function actionCall(
  { id }: BuiltAction,
  address: string,
  args: readonly unknown[],
): Omit<BrowserCall, "cookie"> {
  const { body, type } = encode(args);
  const headers = { "next-action": id, "content-type": type, accept: "text/x-component" };
  return { address, method: "POST", headers, body };
}

/** React's encoding of arguments: plain data as JSON, a form as parts of its own. */
function encode(args: readonly unknown[]): { body: string; type: string } {
  const form = args.find((argument) => argument instanceof FormData);
  if (!(form instanceof FormData)) return { body: JSON.stringify(args), type: "text/plain;charset=UTF-8" };
  const boundary = "----walk";
  const parts: [string, string][] = [...form.entries()].map(([name, value]) => [`_1_${name}`, String(value)]);
  parts.push(["0", JSON.stringify(args.map((argument) => (argument === form ? "$K1" : argument)))]);
  const lines = parts.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return { body: `${lines.join("")}--${boundary}--\r\n`, type: `multipart/form-data; boundary=${boundary}` };
}
