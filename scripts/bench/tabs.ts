import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import https from "node:https";
import { issueSession, sessionCookie } from "@/lib/auth/session-token";
import type { Bench } from "./steps";

/** As a page has it, which asks for what React needs of it (the header RSC): the first hint is followed at once, a burst ends in one more (components/live). */
const CALM_MS = 250;
const FIRST_MS = 50;
const PATH = "/zones";
const TOPICS = "cluster,nameserver,zones";

export interface Tabs {
  /** Hints that came to all of them. */
  hints(): number;
  /** Pages that they asked for. */
  pages(): number;
  close(): void;
}

/** Opens the zone list so many times, as tabs of as many people: each has a stream of its own and asks for the page anew when it is told that something changed. */
export async function openTabs({ cluster, web1 }: Bench, count: number): Promise<Tabs> {
  const cookie = `${sessionCookie(web1).name}=${await issueSession(web1, { userId: web1.root.userId, epoch: 1 })}`;
  const tabs = await Promise.all(Array.from({ length: count }, () => openTab(cluster.web1.process.url, cookie)));
  const sum = (of: (tab: Tab) => number) => tabs.reduce((total, tab) => total + of(tab), 0);
  return {
    hints: () => sum(({ hints }) => hints),
    pages: () => sum(({ pages }) => pages),
    close: () => {
      for (const tab of tabs) tab.close();
    },
  };
}

interface Tab {
  hints: number;
  pages: number;
  close(): void;
}

async function openTab(url: string, cookie: string): Promise<Tab> {
  // The certificate was made a moment ago by a server of this run.
  const agent = new https.Agent({ keepAlive: true, maxSockets: 2, rejectUnauthorized: false });
  const headers = { cookie, accept: "text/event-stream" };
  const request = https.get(`${url}/api/events?topics=${TOPICS}`, { agent, headers });
  const [stream] = (await once(request, "response")) as [IncomingMessage];
  if (stream.statusCode !== 200) throw new Error(`${url} answered ${stream.statusCode} to a tab.`);
  let last = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const ask = () => {
    timer = undefined;
    last = performance.now();
    tab.pages++;
    const asked = https.get(`${url}${PATH}`, { agent, headers: { cookie, rsc: "1" } }, (page) => page.resume());
    asked.on("error", (error) => {
      if (isClosed) return;
      // The server closed the idle connection in that moment: a browser asks again.
      if (!asked.reusedSocket) throw error;
      ask();
    });
  };
  let isClosed = false;
  const tab: Tab = {
    hints: 0,
    pages: 0,
    close() {
      isClosed = true;
      clearTimeout(timer);
      agent.destroy();
    },
  };
  stream.setEncoding("utf8");
  stream.on("error", () => undefined);
  stream.on("data", (text: string) => {
    const told = text.split("\n\n").filter((event) => event.startsWith("data: ")).length;
    tab.hints += told;
    if (told > 0) timer ??= setTimeout(ask, Math.max(FIRST_MS, last + CALM_MS - performance.now()));
  });
  return tab;
}
