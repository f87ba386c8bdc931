import { z } from "zod";
import { type Command, type CommandCall, type CommandResult, EXIT, UsageError } from "./command";
import { printable, table } from "./table";

/** What a script needs to change records and to wait until they are served, such as a hook of an ACME client. */

const edited = z.looseObject({
  change: z.object({ id: z.number(), zone: z.string(), serial: z.number() }),
  changed: z.boolean(),
});

const edit =
  (op: "add" | "remove") =>
  async ({ rest, words: [zone = "", name, type, ...records], option }: CommandCall): Promise<CommandResult> => {
    const ttl = option("ttl");
    if (ttl !== undefined && !/^\d{1,10}$/.test(ttl)) throw new UsageError("--ttl takes a number of seconds.");
    const edits = [{ op, name, type, records, ...(ttl === undefined ? {} : { ttl: Number(ttl) }) }];
    const body = { edits, reason: option("reason") ?? "" };
    const data = edited.parse(await rest("PATCH", `zones/${encodeURIComponent(zone)}/rrsets`, { body }));
    return { data, text: `${data.change.id}\n` };
  };

const verdict = z.looseObject({
  change: z.looseObject({ id: z.number(), zone: z.string(), serial: z.number() }),
  reached: z.boolean(),
  targets: z.array(
    z.looseObject({
      name: z.string(),
      state: z.string(),
      reached: z.boolean(),
      reason: z.string().nullable(),
      servedMs: z.number().nullable(),
    }),
  ),
});

const DEFAULT_SECONDS = "30";

async function wait({ rest, words: [id = ""], option }: CommandCall): Promise<CommandResult> {
  const timeout = option("timeout") ?? DEFAULT_SECONDS;
  if (!/^\d{1,3}$/.test(timeout)) throw new UsageError("--timeout takes a number of seconds.");
  if (!/^\d+$/.test(id)) throw new UsageError("A change is a number, as “records add” prints it.");
  const query = new URLSearchParams({ wait: option("for") ?? "all", timeout });
  const data = verdict.parse(await rest("GET", `changes/${id}?${query}`, { seconds: Number(timeout) }));
  const rows = data.targets.map(({ name, state, reached, reason, servedMs }) => [
    ...[name, reached ? "yes" : "no", state, servedMs === null ? "-" : `${servedMs} ms`, reason ?? ""],
  ]);
  const head = `${printable(data.change.zone)}, serial ${data.change.serial}: ${data.reached ? "reached" : "not reached"}\n`;
  return {
    data,
    text: `${head}${table(["SERVER", "REACHED", "STATE", "SERVED", ""], rows, "There are no servers.")}`,
    exitCode: data.reached ? EXIT.ok : EXIT.notEverywhere,
  };
}

const OPTIONS = { ttl: "value", reason: "value" } as const;

export const recordCommands: readonly Command[] = [
  {
    name: "records add",
    usage: "ZONE NAME TYPE DATA... [--ttl SECONDS] [--reason TEXT]",
    help: "Adds values to those that a name has, and prints the number of the change. NAME is whole, or @ for the zone itself; DATA is as in a zone file.",
    options: OPTIONS,
    words: [4, 1_000],
    run: edit("add"),
  },
  {
    name: "records remove",
    usage: "ZONE NAME TYPE DATA... [--reason TEXT]",
    help: "Takes values away, those that are there, and prints the number of the change.",
    options: { reason: "value" },
    words: [4, 1_000],
    run: edit("remove"),
  },
  {
    name: "wait",
    usage: "CHANGE [--for all|acknowledged|quorum] [--timeout SECONDS]",
    help: "Waits until every server serves a change, took it, or more than half of them serve it, this one included; 30 seconds unless told otherwise. Exit code 3: not by then, with who does not and why.",
    options: { for: "value", timeout: "value" },
    words: [1, 1],
    run: wait,
  },
];
