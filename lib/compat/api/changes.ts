import { z } from "zod";
import { GOALS, type TargetVerdict } from "@/lib/zones/change-verdict";
import { zoneHistory } from "@/lib/zones/queries-history";
import { DEFAULT_SECONDS, MOST_SECONDS, waitForChange } from "@/lib/zones/wait-for-change";
import type { ApiHandler } from "./call";
import { shortName, zoneOf } from "./zone-input";

const PAGE = "Give a page's number, from 1.";
const listQuery = z.object({
  zone: z.string("Say which zone.").max(1_100),
  page: z.coerce.number(PAGE).int(PAGE).min(1, PAGE).max(1_000_000, PAGE).default(1),
});

/** `GET changes?zone=`: a zone's newest ones first. */
export const listChanges: ApiHandler = async ({ server, actor, query }) => {
  const input = listQuery.parse(Object.fromEntries(query));
  const name = zoneOf(input.zone);
  const { revisions, total, page, pageSize } = await zoneHistory(server, actor, { name, page: input.page });
  const changes = revisions.map(({ seq, serial, kind, actorName, reason, createdAt, isCurrent }) => ({
    ...{ id: seq, zone: shortName(name), serial, kind, by: actorName, reason },
    ...{ committedAt: new Date(createdAt).toISOString(), isNewest: isCurrent },
  }));
  return { changes, total, page, pageSize };
};

const TIMEOUT = `Give whole seconds, from 0 to ${MOST_SECONDS}.`;
const waitQuery = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, "A change is a number.")
    .transform(Number),
  wait: z.enum(GOALS, `Say one of ${GOALS.join(", ")}; without it the answer comes at once.`).optional(),
  timeout: z
    .string()
    .regex(/^\d{1,3}$/, TIMEOUT)
    .transform(Number)
    .pipe(z.number().max(MOST_SECONDS, TIMEOUT))
    .default(DEFAULT_SECONDS),
});

/** `GET changes/ID?wait=&timeout=`: how far a change has come, as soon as it is where it is waited for, or when the time is over. */
export const readChange: ApiHandler = async ({ server, actor, subject, query, request }) => {
  const { id, wait, timeout } = waitQuery.parse({ ...Object.fromEntries(query), id: subject });
  const input = { seq: id, goal: wait ?? "all", seconds: wait === undefined ? 0 : timeout } as const;
  const verdict = await waitForChange(server, actor, input, request.signal);
  const { seq, zone, serial, committedAt, isDeletion, isReached, goal, targets } = verdict;
  return {
    change: { id: seq, zone: shortName(zone), serial, committedAt: new Date(committedAt).toISOString(), isDeletion },
    ...{ wait: goal, reached: isReached, targets: targets.map(wireTarget) },
  };
};

function wireTarget({ label, kind, state, isReached, reason, acceptedMs, servedMs, retryAt, notes }: TargetVerdict) {
  return {
    ...{ name: label, kind, state, reached: isReached, reason: reason === "" ? null : reason, acceptedMs, servedMs },
    ...{ retryAt: retryAt === null ? null : new Date(retryAt).toISOString(), notes },
  };
}
