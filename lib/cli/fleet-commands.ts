import { z } from "zod";
import { type Command, type CommandCall, type CommandResult, EXIT, UsageError } from "./command";
import { table } from "./table";

const memberList = z.object({
  member: z.array(
    z.looseObject({
      id: z.number(),
      name: z.string(),
      type: z.string(),
      nameserver: z.string(),
      dns_role: z.string(),
      status: z.string(),
      waiting: z.number(),
      set_aside: z.number(),
    }),
  ),
});

function showMembers(data: Record<string, unknown>): CommandResult {
  const { member } = memberList.parse(data);
  const rows = member.map(({ id, name, type, nameserver, dns_role, status, waiting, set_aside }) => [
    ...[id, name, type, nameserver, dns_role, status, waiting, set_aside],
  ]);
  const headings = ["ID", "NAME", "TYPE", "SERVER TYPE", "ROLE", "STATUS", "WAITING", "SET ASIDE"];
  return { data: member, text: table(headings, rows, "There are no servers in the cluster.") };
}

const receiptList = z.looseObject({
  zone: z.string(),
  serial: z.number(),
  targets: z.array(
    z.looseObject({
      label: z.string(),
      state: z.string(),
      acceptedMs: z.number().nullable(),
      servedMs: z.number().nullable(),
      error: z.string().nullable(),
      detail: z.string().nullable(),
    }),
  ),
});

/** As far as a change ever comes: it may be replaced by a newer one, and of some servers DNS cannot tell more than that they took it. */
const ENDED = new Set(["served", "superseded", "unverified"]);
const LOOK_MS = 250;

async function receipts({ api, words: [zone], option, wait }: CommandCall): Promise<CommandResult> {
  const seconds = Number(option("wait") ?? 0);
  if (!Number.isFinite(seconds) || seconds < 0) throw new UsageError("--wait takes a number of seconds.");
  const ask = async () =>
    receiptList.parse(
      await api("zonefleet_receipts", [
        ["zone", zone],
        ["seq", option("seq")],
      ] as const),
    );
  let found = await ask();
  const isEverywhere = () => found.targets.every(({ state }) => ENDED.has(state));
  for (let left = (seconds * 1_000) / LOOK_MS; left > 0 && !isEverywhere(); left--) {
    await wait(LOOK_MS);
    found = await ask();
  }
  const rows = found.targets.map(({ label, state, acceptedMs, servedMs, error, detail }) => [
    ...[label, state, ms(acceptedMs), ms(servedMs), error ?? detail ?? ""],
  ]);
  const text = `Serial ${found.serial}\n${table(["SERVER", "STATE", "ACCEPTED", "SERVED", ""], rows, "There are no servers.")}`;
  return { data: found, text, exitCode: isEverywhere() ? EXIT.ok : EXIT.notEverywhere };
}

const ms = (value: number | null) => (value === null ? "-" : `${value} ms`);

const problemList = z.looseObject({
  problem: z.array(
    z.looseObject({
      zone: z.string(),
      server: z.string(),
      reason: z.string(),
      since: z.number().nullable(),
      words: z.string().nullable(),
    }),
  ),
  page: z.number(),
  page_size: z.number(),
  total: z.number(),
});

/** Every difference, page by page. */
async function problems({ api, option }: CommandCall): Promise<CommandResult> {
  const found: z.infer<typeof problemList>["problem"] = [];
  const fields = [
    ["zone", option("zone")],
    ["member", option("member")],
    ["reason", option("reason")],
  ] as const;
  for (let page = 1; ; page++) {
    const list = problemList.parse(await api("zonefleet_problems", [...fields, ["page", String(page)]]));
    found.push(...list.problem);
    if (page * list.page_size >= list.total) break;
  }
  const rows = found.map(({ zone, server, reason, since, words }) => [
    ...[zone, server, reason, since === null ? "-" : new Date(since).toISOString(), words ?? ""],
  ]);
  return {
    data: found,
    text: table(["ZONE", "SERVER", "REASON", "SINCE", ""], rows, "Every server serves what it should."),
    exitCode: found.length === 0 ? EXIT.ok : EXIT.notEverywhere,
  };
}

const tokenList = z.object({
  tokens: z.record(
    z.string(),
    z.looseObject({
      acls: z.record(z.string(), z.number()),
      expires_at: z.number(),
      whitelist_ips: z.array(z.string()),
    }),
  ),
});
const newToken = z.looseObject({ name: z.string(), token: z.string() });
const day = (seconds: number) => (seconds === 0 ? "never" : new Date(seconds * 1_000).toISOString());

export const fleetCommands: readonly Command[] = [
  {
    name: "members list",
    usage: "",
    help: "Lists the servers in the DNS cluster.",
    words: [0, 0],
    run: async ({ api }) => showMembers(await api("zonefleet_members")),
  },
  {
    name: "members check",
    usage: "[ID]",
    help: "Asks every server in the cluster, or one, how it is. Exit code 3: not every one is online.",
    words: [0, 1],
    async run({ api, words: [id] }) {
      const data = await api("zonefleet_check_members", [["id", id]]);
      const { member } = memberList.parse(data);
      const asked = member.filter((row) => id === undefined || String(row.id) === id);
      const isWell = asked.every(({ state }) => state === "online");
      return { ...showMembers({ member: asked }), exitCode: isWell ? EXIT.ok : EXIT.notEverywhere };
    },
  },
  {
    name: "receipts",
    usage: "ZONE [--seq CHANGE] [--wait SECONDS]",
    help: "Shows how far a zone's newest change, or the one named, has come. --wait looks again until every server answers with it over DNS, or has taken it where DNS cannot tell (hosted services). Exit code 3: it is not served everywhere yet.",
    options: { seq: "value", wait: "value" },
    words: [1, 1],
    run: receipts,
  },
  {
    name: "problems",
    usage: "[--zone ZONE] [--member ID] [--reason REASON]",
    help: "Lists each zone at each server that does not serve what is here, with the reason, the worst first. Exit code 3: there are any.",
    options: { zone: "value", member: "value", reason: "value" },
    words: [0, 0],
    run: problems,
  },
  {
    name: "tokens list",
    usage: "",
    help: "Lists your API tokens.",
    words: [0, 0],
    async run({ api }) {
      const { tokens } = tokenList.parse(await api("api_token_list"));
      const rows = Object.entries(tokens).map(([name, { acls, expires_at, whitelist_ips }]) => [
        ...[name, Object.keys(acls).join(","), day(expires_at), whitelist_ips.join(",") || "everywhere"],
      ]);
      return { data: tokens, text: table(["NAME", "PRIVILEGES", "EXPIRES", "FROM"], rows, "There are no tokens.") };
    },
  },
  {
    name: "tokens create",
    usage: "NAME [--acl PRIVILEGE]... [--expires DATE] [--allow ADDRESS]...",
    help: "Makes an API token and shows it, this once. Without --acl it carries every privilege of the token that it is made with.",
    options: { acl: "values", expires: "value", allow: "values" },
    words: [1, 1],
    async run({ api, words: [name], option, all }) {
      const fields: [string, string | undefined][] = [["token_name", name]];
      for (const acl of all("acl")) fields.push(["acl", acl]);
      for (const network of all("allow")) fields.push(["whitelist_ip", network]);
      fields.push(["expires_at", expiry(option("expires"))]);
      const data = newToken.parse(await api("api_token_create", fields));
      return { data, text: `${data.token}\n` };
    },
  },
  {
    name: "tokens revoke",
    usage: "NAME",
    help: "Ends an API token at once.",
    words: [1, 1],
    async run({ api, words: [name] }) {
      await api("api_token_revoke", [["token_name", name]]);
      return { data: { name }, text: `${name} works no more.\n` };
    },
  },
];

function expiry(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new UsageError("--expires takes a date, such as 2030-12-31.");
  return String(Math.floor(at / 1_000));
}
