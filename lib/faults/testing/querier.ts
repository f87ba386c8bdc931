import type { DnsAddress } from "@/lib/drivers/driver";
import { querySoaMany } from "@/lib/wire/query";

/** Asks nameservers for zones all the time, and remembers every question that got no answer. */
export interface Querier {
  /** Asks these from now on: nameservers that nothing is done to. Returns when no question to another one is under way any more. */
  ask(nameservers: readonly DnsAddress[]): Promise<void>;
  /** A zone that is answered everywhere now, and has to be from now on. */
  add(zone: string): void;
  /** Asks once more for everything. */
  round(): Promise<void>;
  /** A full round later: what was not answered since the last call. */
  unanswered(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

const PAUSE_MS = 30;
/** Of a machine that does many things at once; lost datagrams are sent again within it. */
const PATIENCE_MS = 10_000;

export function startQuerier(): Querier {
  const zones: string[] = [];
  let nameservers: readonly DnsAddress[] = [];
  let missed: string[] = [];
  let isStopped = false;
  let round = Promise.resolve();

  const askAll = async () => {
    const asked = [...zones];
    const answers = nameservers.map(async (server) => {
      for (const [at, answer] of (await querySoaMany(server, asked, { timeoutMs: PATIENCE_MS })).entries())
        if (answer.status !== "answered") missed.push(`${asked[at]} at ${server.address}: ${answer.status}`);
    });
    await Promise.all(answers);
  };
  const running = (async () => {
    while (!isStopped) {
      round = askAll();
      await round;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();

  return {
    async ask(next) {
      nameservers = next;
      await round;
    },
    add: (zone) => void zones.push(zone),
    round: askAll,
    async unanswered() {
      await round;
      await askAll();
      const result = missed;
      missed = [];
      return result;
    },
    async stop() {
      isStopped = true;
      await running;
    },
  };
}
