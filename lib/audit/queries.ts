import { z } from "zod";
import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";

/** One event as the audit log shows it. */
export interface AuditRow {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly actorName: string;
  readonly address: string | null;
  /** verb.noun of the code, such as "zone.delete". */
  readonly action: string;
  readonly subject: string;
  /** What else was recorded, as lines "key: value"; never a secret. */
  readonly detail: readonly string[];
}

export interface AuditPage {
  readonly rows: readonly AuditRow[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
}

export const auditQuery = z.object({
  /** Part of who, what or on what. */
  q: z.string().max(100).catch("").default(""),
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1).default(1),
});

const PAGE_SIZE = 50;

/** One page of what was done, newest first. @throws AppError "forbidden" for anyone but root. */
export async function listAudit(ctx: Context, actor: Actor, query: z.output<typeof auditQuery>): Promise<AuditPage> {
  authorize(actor, "audit.read");
  const q = query.q.trim();
  const where =
    q === ""
      ? {}
      : {
          OR: [
            { actorName: { contains: q } },
            { action: { contains: q } },
            { subject: { contains: q.toLowerCase() } },
            { address: { contains: q } },
          ],
        };
  const [total, rows] = await Promise.all([
    ctx.db.client.auditEvent.count({ where }),
    ctx.db.client.auditEvent.findMany({
      where,
      orderBy: { id: "desc" },
      skip: (query.page - 1) * PAGE_SIZE,
      take: PAGE_SIZE,
    }),
  ]);
  return {
    rows: rows.map(({ id, at, actorName, address, action, subject, detail }) => ({
      id,
      at: Number(at),
      actorName,
      address,
      action,
      subject,
      detail: detailLines(detail),
    })),
    total,
    page: query.page,
    pageSize: PAGE_SIZE,
  };
}

const details = z.record(z.string(), z.unknown());

function detailLines(json: string): string[] {
  return Object.entries(details.parse(JSON.parse(json))).map(
    ([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
}
