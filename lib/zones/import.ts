import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { toUnicode } from "@/lib/dns/name";
import type { ZoneProblem } from "@/lib/dns/zone";
import { AppError } from "@/lib/errors";
import { readSettings } from "@/lib/settings/settings";
import { checkZoneText } from "./check-zone";
import { nameOfZoneFile } from "./import-name";
import type { ImportFile } from "./schemas";
import { createZone, replaceZone } from "./service";
import { findZone } from "./zone-row";

/** What became of one file. */
export interface ImportOutcome {
  readonly fileName: string;
  /** Canonical; null when nothing said which zone it is. */
  readonly name: string | null;
  readonly status: "created" | "replaced" | "unchanged" | "skipped" | "refused";
  /** In a sentence, for the report. */
  readonly message: string;
  /** Errors of a refused file, warnings of an accepted one. */
  readonly problems: readonly ZoneProblem[];
}

/** The zone that a file is about; null when nothing says it. */
export function importedName({ name, fileName, text }: Pick<ImportFile, "name" | "fileName" | "text">): string | null {
  return name ?? nameOfZoneFile(fileName, text)?.name ?? null;
}

const problemsOf = (error: AppError): readonly ZoneProblem[] =>
  (error.extra.details as { problems?: readonly ZoneProblem[] } | undefined)?.problems ?? [];

/**
 * Takes one zone file in: a new zone, or over one that exists when the person chose so. What is wrong with the file is its outcome, not an exception,
 * so that one bad file of hundreds stops nothing.
 * @param changeSetId the import that the file is a part of; left out: it is taken in by itself
 * @throws AppError "forbidden" when the actor may add no zones at all; anything unexpected
 */
export async function importZoneFile(
  ctx: Context,
  actor: Actor,
  file: Omit<ImportFile, "isAnyway">,
  changeSetId?: number,
): Promise<ImportOutcome> {
  authorize(actor, "zone.create");
  const name = importedName(file);
  const outcome = (status: ImportOutcome["status"], message: string, problems: readonly ZoneProblem[] = []) => ({
    fileName: file.fileName,
    name,
    status,
    message,
    problems,
  });
  if (name === null)
    return outcome(
      "refused",
      "Nothing says which zone this is. Add a line such as $ORIGIN example.com. or name the file after its zone.",
    );
  try {
    const { defaultTtl } = await readSettings(ctx.db.client, "zones");
    const { zone, warnings } = checkZoneText(name, file.text, defaultTtl);
    const records = zone.rrsets.reduce((sum, rrset) => sum + rrset.rdatas.length, 0);
    const status = await store(ctx, actor, name, file, changeSetId);
    return outcome(status, sentence(status, toUnicode(name), records), warnings);
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== "invalid-input" && error.code !== "conflict")) throw error;
    return outcome("refused", error.message, problemsOf(error));
  }
}

async function store(
  ctx: Context,
  actor: Actor,
  name: string,
  file: Pick<ImportFile, "fileName" | "text" | "onExisting">,
  changeSetId: number | undefined,
) {
  const reason = `Imported ${file.fileName}`.slice(0, 500);
  const existing = await findOwn(ctx, actor, name);
  if (!existing) {
    await createZone(ctx, actor, { name, text: file.text, reason, kind: "import", changeSetId });
    return "created";
  }
  if (file.onExisting === "skip") return "skipped";
  const ref = await replaceZone(ctx, actor, { name, text: file.text, reason, kind: "import", changeSetId });
  return ref.seq === existing.seq ? "unchanged" : "replaced";
}

/** The zone when it is present and the actor's; somebody else's is left to `createZone`, which refuses without telling more. */
async function findOwn(ctx: Context, actor: Actor, name: string) {
  const { ownerId } = authorize(actor, "zone.write");
  const stored = await findZone(ctx.db.client, name);
  const isOwn = stored && stored.deletedAt === null && (ownerId === null || ownerId === stored.ownerId);
  return isOwn ? stored : null;
}

function sentence(status: ImportOutcome["status"], name: string, records: number): string {
  const count = `${records} ${records === 1 ? "record" : "records"}`;
  switch (status) {
    case "created":
      return `${name} was added with ${count}.`;
    case "replaced":
      return `${name} was replaced; it has ${count} now.`;
    case "unchanged":
      return `${name} has the same records already.`;
    default:
      return `${name} exists already and was left as it is.`;
  }
}
