import type { Actor } from "@/lib/access/actor";
import { type Authorized, authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { checkDomain, type ResolveHost } from "@/lib/trusted-ips/check-domain";
import { assertAddable } from "@/lib/zones/assert-addable";
import { type ImportOutcome, importedName, importZoneFile } from "@/lib/zones/import";
import type { ImportFile } from "@/lib/zones/schemas";
import { findZones } from "@/lib/zones/zone-row";
import { fetchFrom, listFrom } from "./ask-member";
import { silentWords } from "./silent-words";
import { heldWords, othersWords, zoneHolders } from "./zone-holders";

/** What became of one file, and what is doubtful about it. */
export interface ZoneImport extends Omit<ImportOutcome, "status"> {
  /** held: a member has this zone, and nobody said yet that it is to be added all the same (`isAnyway`). A reseller cannot say it of root's members: refused. */
  readonly status: ImportOutcome["status"] | "held";
  /** Sentences: nameservers and addresses that are none of ours, members that did not answer. */
  readonly warnings: readonly string[];
}

/**
 * Takes zone files in, each with an outcome of its own. The members that are not Write-only are asked first which of the new zones they have: one
 * question to each for all of them. What was added is looked at as `checkDomain` does.
 * @param options.isPart more files follow in calls of their own: what members listed is remembered between them
 * @param options.changeSetId the import that these files are a part of (lib/change-sets/open-import)
 * @param options.resolve finds the addresses of nameservers; the system's resolvers when left out
 * @throws AppError "forbidden"; anything unexpected
 */
export async function importZones(
  ctx: Context,
  actor: Actor,
  files: readonly ImportFile[],
  { isPart = false, changeSetId, resolve }: { isPart?: boolean; changeSetId?: number; resolve?: ResolveHost } = {},
): Promise<ZoneImport[]> {
  const allowed = authorize(actor, "zone.create");
  const names = await addableNames(
    ctx,
    allowed,
    files.filter(({ isAnyway }) => !isAnyway || allowed.ownerId !== null).flatMap((file) => importedName(file) ?? []),
  );
  const { heldBy, others, silent } = await zoneHolders(ctx, allowed, { names }, isPart ? listFrom : fetchFrom);
  const outcomes: ZoneImport[] = [];
  for (const file of files) {
    const name = importedName(file);
    const held = name === null ? undefined : heldBy.get(name);
    const leaveOut = (status: "held" | "refused", message: string) =>
      outcomes.push({ fileName: file.fileName, name, status, message, problems: [], warnings: [] });
    if (name !== null && others.has(name)) leaveOut("refused", othersWords(name));
    else if (name !== null && held && !file.isAnyway) leaveOut("held", heldWords(name, held));
    else outcomes.push({ ...(await importZoneFile(ctx, actor, file, changeSetId)), warnings: [] });
  }
  const unknown = new Set(silent.length > 0 ? names : []);
  return Promise.all(
    outcomes.map(async (outcome) => {
      const { status, name } = outcome;
      if (name === null || (status !== "created" && status !== "replaced")) return outcome;
      const doubts = await checkDomain(ctx, actor, name, resolve);
      const warnings = status === "created" && unknown.has(name) ? [...doubts, silentWords(silent)] : doubts;
      return { ...outcome, warnings };
    }),
  );
}

/** Those that can be added here at all: about the others nobody is asked. */
async function addableNames(
  ctx: Context,
  allowed: Authorized<"zone.create">,
  names: readonly string[],
): Promise<string[]> {
  const here = await findZones(ctx.db.client, names);
  const addable = new Set<string>();
  for (const name of new Set(names))
    try {
      await assertAddable(ctx, allowed, name, here.get(name) ?? null);
      addable.add(name);
    } catch (error) {
      // It is said of the file when it is taken in.
      if (!(error instanceof AppError)) throw error;
    }
  return [...addable];
}
