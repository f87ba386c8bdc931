import { openImport } from "@/lib/change-sets/open-import";
import { refreshMembers } from "@/lib/cluster/check-members";
import { importZones } from "@/lib/cluster/import-zones";
import { wireName } from "@/lib/drivers/whm/protocol";
import { AppError } from "@/lib/errors";
import { listMembers, type MemberRow } from "@/lib/members/queries";
import type { PairView } from "@/lib/proof/pairs";
import { memberProof, problems } from "@/lib/proof/queries-problems";
import { CAUSES } from "@/lib/proof/reason";
import { problemListQuery } from "@/lib/proof/schemas";
import { getJob, type ItemView, type JobView, jobItems, listJobs } from "@/lib/sync-jobs/queries";
import { applyRequest, itemQuery, planRequest } from "@/lib/sync-jobs/schemas";
import { applyPlan, cancelJob, pauseJob, resumeJob, startPlan } from "@/lib/sync-jobs/service";
import { zoneReceipts } from "@/lib/zones/receipts";
import { importFile } from "@/lib/zones/schemas";
import type { ApiFunction } from "../api-function";
import type { Call } from "../call";

/** What WHM has no function for: the cluster, receipts, plans. In WHM's envelope; `npx zonefleet` is their caller. Instants are epoch milliseconds. */

function wireMember(member: MemberRow) {
  const { id, name, host, type, version, nameserver, role, status, waiting, setAside, lastAnswerAt } = member;
  return {
    ...{ id, name, host, type, version, nameserver, dns_role: role, state: status.state, status: status.label },
    ...{ waiting, set_aside: setAside, last_answer: lastAnswerAt },
  };
}

const zonefleet_members: ApiFunction = async ({ server, actor }) => {
  const member: ReturnType<typeof wireMember>[] = [];
  for (let page = 1; ; page++) {
    const { rows, total, pageSize } = await listMembers(server, actor, { page });
    member.push(...rows.map(wireMember));
    if (page * pageSize >= total) return { data: { member } };
  }
};

const zonefleet_check_members: ApiFunction = async (call) => {
  const id = call.form.get("id");
  await refreshMembers(call.server, call.actor, id === undefined ? {} : { id: idOf(id) });
  return zonefleet_members(call);
};

const zonefleet_receipts: ApiFunction = async ({ server, actor, form }) => {
  const seq = form.get("seq");
  const name = form.zoneName("zone");
  const receipts = await zoneReceipts(server, actor, { name, ...(seq === undefined ? {} : { seq: idOf(seq) }) });
  return { data: { ...receipts, zone: wireName(name) } };
};

const zonefleet_import_zone: ApiFunction = async ({ server, actor, form }) => {
  const name = form.zoneName("zone");
  const file = importFile.safeParse({
    ...{ fileName: `${wireName(name)}.zone`, text: form.required("text"), name },
    onExisting: form.get("overwrite") === "1" ? "replace" : "skip",
    isAnyway: form.get("anyway") === "1",
  });
  if (!file.success) throw new AppError("invalid-input", file.error.issues[0]?.message ?? "This is no zone file.");
  // Several files, one call each, are one act: the first is answered with the number that the others bring.
  const [isPart, given] = [form.get("part") === "1", form.get("change_set")];
  const changeSetId = isPart
    ? await openImport(server, actor, given === undefined ? undefined : idOf(given))
    : undefined;
  const [outcome] = await importZones(server, actor, [file.data], { isPart, changeSetId });
  if (!outcome) throw new Error("A file has exactly one outcome.");
  const { status, message, problems, warnings } = outcome;
  if (status === "refused") throw new AppError("invalid-input", message);
  const part = changeSetId === undefined ? {} : { change_set: changeSetId };
  return { data: { zone: wireName(name), status, message, problems, warnings, ...part } };
};

const zonefleet_sync_plan: ApiFunction = async ({ server, actor, form }) => {
  const member = form.get("member");
  const request = planRequest.safeParse({
    choice: form.required("choice"),
    zone: form.get("zone"),
    memberId: member === undefined ? null : idOf(member),
    addMissing: form.get("add_missing") === "1",
  });
  if (!request.success) throw new AppError("invalid-input", request.error.issues[0]?.message ?? "This is no plan.");
  return { data: await startPlan(server, actor, request.data) };
};

function wireJob({ planHash, changeSetId: _, ...job }: JobView) {
  return { ...job, plan_hash: planHash };
}

function wireItem({ zone, memberName, action, kind, state, marks, records, message }: ItemView) {
  return { zone: wireName(zone), member: memberName, action, kind, state, marks, records, message };
}

/** Without a number: the latest ones. */
const zonefleet_sync_status: ApiFunction = async ({ server, actor, form }) => {
  if (form.get("id") === undefined) return { data: { job: (await listJobs(server, actor)).map(wireJob) } };
  const id = idOf(form.required("id"));
  const query = itemQuery.parse({ page: form.get("page"), show: form.get("show") });
  const { rows, total, page, pageSize } = await jobItems(server, actor, { id, ...query });
  const job = wireJob(await getJob(server, actor, id));
  return { data: { job: [job], step: rows.map(wireItem), page, page_size: pageSize, total } };
};

const zonefleet_sync_apply: ApiFunction = async ({ server, actor, form }) => {
  const request = applyRequest.safeParse({
    ...{ id: idOf(form.required("id")), planHash: form.required("plan_hash"), marked: form.get("marked") },
  });
  if (!request.success)
    throw new AppError("invalid-input", "Give plan_hash as the plan has it, and marked as “confirm” or “leave-out”.");
  await applyPlan(server, actor, request.data);
  return {};
};

const changing =
  (change: typeof pauseJob): ApiFunction =>
  async ({ server, actor, form }: Call) => {
    await change(server, actor, { id: idOf(form.required("id")) });
    return {};
  };

function idOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new AppError("invalid-input", `“${text.slice(0, 40)}” is not a number.`);
  return Number(text);
}

function wirePair({ name, label, memberId, reason, desired, acknowledged, observed, content, attempts }: PairView) {
  return {
    ...{ zone: wireName(name), server: label, member: memberId, reason: reason.state, since: reason.since },
    ...{ words: reason.words, next_at: reason.nextAt, attempts, desired, acknowledged, observed, content },
  };
}

const REASONS = CAUSES.map(({ cause }) => cause).join(", ");

/** What differs: each zone at each nameserver that does not serve what is here, the worst first, a page of them. `member` is a member's number. */
const zonefleet_problems: ApiFunction = async ({ server, actor, form }) => {
  const member = form.get("member");
  const zone = form.has("zone") ? { zone: form.zoneName("zone") } : {};
  const cause = form.get("reason") ?? null;
  if (cause !== null && !CAUSES.some((known) => known.cause === cause))
    throw new AppError("invalid-input", `“${cause.slice(0, 40)}” is no reason. There are: ${REASONS}.`);
  const query = { ...problemListQuery.parse({ cause, page: form.get("page") }), ...zone };
  const list =
    member === undefined
      ? await problems(server, actor, query)
      : await memberProof(server, actor, { ...query, memberId: idOf(member) });
  return {
    data: {
      problem: list.groups.flatMap(({ rows }) => rows).map(wirePair),
      ...{ reason: list.causes, page: list.page, page_size: list.pageSize, total: list.total },
    },
  };
};

export const fleetFunctions = {
  zonefleet_members,
  zonefleet_check_members,
  zonefleet_receipts,
  zonefleet_problems,
  zonefleet_import_zone,
  zonefleet_sync_plan,
  zonefleet_sync_status,
  zonefleet_sync_apply,
  zonefleet_sync_pause: changing(pauseJob),
  zonefleet_sync_resume: changing(resumeJob),
  zonefleet_sync_cancel: changing(cancelJob),
} satisfies Record<string, ApiFunction>;
