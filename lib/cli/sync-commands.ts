import { z } from "zod";
import { CallFailed, type Command, type CommandCall, type CommandResult, EXIT, UsageError } from "./command";
import { printable, table } from "./table";

const job = z.looseObject({
  id: z.number(),
  choice: z.string(),
  state: z.string(),
  zone: z.string().nullable(),
  plan_hash: z.string().nullable(),
  error: z.string().nullable(),
  approval: z.string().nullable(),
  compared: z.number(),
  total: z.number(),
  marked: z.number(),
  counts: z.record(z.string(), z.number()),
  members: z.array(z.looseObject({ name: z.string(), problem: z.string().nullable() })),
});
type Job = z.infer<typeof job>;
const step = z.looseObject({
  zone: z.string(),
  member: z.string(),
  action: z.string(),
  kind: z.string(),
  state: z.string(),
  marks: z.array(z.string()),
  message: z.string().nullable(),
});
type Step = z.infer<typeof step>;
const status = z.object({
  job: z.array(job).min(1),
  step: z.array(step),
  page: z.number(),
  page_size: z.number(),
  total: z.number(),
});

const LOOK_MS = 250;

async function read({ api }: CommandCall, id: string): Promise<Job> {
  const [found] = status.parse(await api("zonefleet_sync_status", [["id", id]])).job;
  if (!found) throw new CallFailed("The server does not say how the synchronization is.");
  return found;
}

/** Every step, page by page. */
async function readSteps({ api }: CommandCall, id: string): Promise<Step[]> {
  const steps: Step[] = [];
  for (let page = 1; ; page++) {
    const found = status.parse(
      await api("zonefleet_sync_status", [
        ["id", id],
        ["page", String(page)],
      ] as const),
    );
    steps.push(...found.step);
    if (page * found.page_size >= found.total) return steps;
  }
}

/** Looks until the job is in none of these states. */
async function until(call: CommandCall, id: string, states: readonly string[]): Promise<Job> {
  let found = await read(call, id);
  while (states.includes(found.state)) {
    await call.wait(LOOK_MS);
    found = await read(call, id);
  }
  return found;
}

async function show(call: CommandCall, found: Job, exitCode: CommandResult["exitCode"]): Promise<CommandResult> {
  const steps = await readSteps(call, String(found.id));
  const rows = steps.map(({ zone, member, action, kind, state, marks, message }) => [
    ...[zone, member, action, kind, state, [...marks, message ?? ""].filter((text) => text !== "").join(" ")],
  ]);
  const unasked = found.members.flatMap(({ name, problem }) => (problem === null ? [] : [`${name}: ${problem}`]));
  const text = [
    `Synchronization ${found.id}: ${found.state}. ${found.compared} zones compared, ${found.total} steps, ${found.marked} marked.`,
    ...(found.error === null ? [] : [printable(found.error)]),
    ...(found.approval === "waiting"
      ? [`The marked steps wait for approval: somebody looks at them in the panel, at /synchronize/${found.id}.`]
      : []),
    ...unasked.map((line) => `Could not be asked: ${printable(line)}`),
    table(["ZONE", "SERVER", "ACTION", "KIND", "STATE", ""], rows, "There is nothing to do."),
  ].join("\n");
  return { data: { ...found, steps }, text, exitCode };
}

async function plan(call: CommandCall): Promise<CommandResult> {
  const { option, flag } = call;
  const zone = option("zone");
  const choice = `${zone === undefined ? "all" : "one"}-${flag("here") ? "here" : "everywhere"}`;
  const { id } = z.object({ id: z.number() }).parse(
    await call.api("zonefleet_sync_plan", [
      ["choice", choice],
      ["zone", zone],
      ["member", option("member")],
      ["add_missing", flag("add-missing") ? "1" : undefined],
    ]),
  );
  const found = await until(call, String(id), ["planning"]);
  const isAlike = found.total === 0 && found.members.every(({ problem }) => problem === null);
  return show(call, found, found.state === "failed" ? EXIT.failed : isAlike ? EXIT.ok : EXIT.notEverywhere);
}

async function apply(call: CommandCall): Promise<CommandResult> {
  const { words, flag } = call;
  const [id = ""] = words;
  if (flag("confirm-marked") && flag("skip-marked"))
    throw new UsageError("Give --confirm-marked or --skip-marked, not both.");
  const before = await read(call, id);
  await call.api("zonefleet_sync_apply", [
    ["id", id],
    ["plan_hash", before.plan_hash ?? undefined],
    ["marked", flag("confirm-marked") ? "confirm" : flag("skip-marked") ? "leave-out" : undefined],
  ]);
  const found = flag("no-wait") ? await read(call, id) : await until(call, id, ["applying"]);
  const isDone = found.state === "done" && found.counts.done === found.total;
  return show(call, found, isDone ? EXIT.ok : EXIT.notEverywhere);
}

const control = (verb: string, help: string): Command => ({
  name: `sync ${verb}`,
  usage: "ID",
  help,
  words: [1, 1],
  async run({ api, words: [id] }) {
    await api(`zonefleet_sync_${verb}`, [["id", id]]);
    return { data: { id: Number(id) }, text: "" };
  },
});

export const syncCommands: readonly Command[] = [
  {
    name: "sync plan",
    usage: "[--zone ZONE] [--here] [--member ID] [--add-missing]",
    help: "Compares all zones, or one, with the cluster and shows what would be done: for all servers, or with --here for this one only. Exit code 0: nothing; 3: something differs.",
    options: { zone: "value", here: "flag", member: "value", "add-missing": "flag" },
    words: [0, 0],
    run: plan,
  },
  {
    name: "sync apply",
    usage: "ID [--confirm-marked | --skip-marked] [--no-wait]",
    help: "Carries a plan out. Steps that can do harm are marked: they are skipped, or done once somebody approved them in the panel. Exit code 3: not everything was done.",
    options: { "confirm-marked": "flag", "skip-marked": "flag", "no-wait": "flag" },
    words: [1, 1],
    run: apply,
  },
  {
    name: "sync status",
    usage: "[ID]",
    help: "Shows a synchronization with its steps, or the latest ones. Exit code 3: it has not ended.",
    words: [0, 1],
    async run(call) {
      const [id] = call.words;
      if (id !== undefined) {
        const found = await read(call, id);
        return show(call, found, found.state === "done" ? EXIT.ok : EXIT.notEverywhere);
      }
      const { job: jobs } = z.object({ job: z.array(job) }).parse(await call.api("zonefleet_sync_status"));
      const rows = jobs.map((row) => [
        row.id,
        row.choice,
        row.zone ?? "all",
        row.state,
        row.total,
        row.counts.done ?? 0,
      ]);
      const headings = ["ID", "CHOICE", "ZONE", "STATE", "STEPS", "DONE"];
      return { data: jobs, text: table(headings, rows, "Nothing was synchronized yet.") };
    },
  },
  control("pause", "Stops handing out further steps."),
  control("resume", "Goes on after a pause."),
  control("cancel", "Ends a plan or a synchronization; what was done stays."),
];
