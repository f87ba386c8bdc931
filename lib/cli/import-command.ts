import { accessSync, constants, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { CallRefused, type Command, type CommandCall, type CommandResult, EXIT, UsageError } from "./command";
import { printable } from "./table";

const imported = z.object({
  zone: z.string(),
  status: z.string(),
  message: z.string(),
  warnings: z.array(z.string()),
});

/** Of several files: what they have in common, so that all of them can be undone as one. */
const part = z.object({ change_set: z.number().optional() });

/** What became of one file. */
interface Outcome extends z.infer<typeof imported> {
  readonly file: string;
}

const NOT_DONE = new Set(["refused", "held"]);

/** Zone files, one call each: a large one goes alone, and a bad one of hundreds stops nothing. */
export const importCommand: Command = {
  name: "zones import",
  usage: "FILE... [--zone ZONE] [--overwrite] [--anyway]",
  help: "Adds the zones of zone files, “-” for standard input; a file may have 32 MiB. Without --zone, which is for one file, a zone is named after its file. A zone that is there is left alone without --overwrite, one that another server of the cluster has is not added without --anyway, and for a reseller only where that server is the reseller’s own. Exit code 1: some were not taken in; the others were.",
  options: { zone: "value", overwrite: "flag", anyway: "flag" },
  words: [1, Number.POSITIVE_INFINITY],
  async run(call): Promise<CommandResult> {
    const files = namedFiles(call);
    const outcomes: Outcome[] = [];
    const whole: Whole = { changeSet: undefined };
    for (const { file, zone } of files) outcomes.push(await importFile(call, whole, file, zone));
    const lines = outcomes.flatMap(({ file, message, warnings }) => [
      `${outcomes.length > 1 ? `${printable(file)}: ` : ""}${printable(message)}`,
      ...warnings.map((warning) => `  ${printable(warning)}`),
    ]);
    const exitCode = outcomes.some(({ status }) => NOT_DONE.has(status)) ? EXIT.failed : EXIT.ok;
    return { data: outcomes, text: `${lines.join("\n")}\n`, exitCode };
  },
};

/** Every file with its zone. What cannot be is said before anything is done. @throws UsageError */
function namedFiles({ words, option }: CommandCall): { file: string; zone: string }[] {
  const given = option("zone");
  if (given !== undefined && words.length > 1) throw new UsageError("--zone names the zone of one file.");
  return words.map((file) => {
    const zone = given ?? (file === "-" ? undefined : path.basename(file).replace(/\.(zone|db|txt)$/i, ""));
    if (zone === undefined) throw new UsageError("Say with --zone which zone this is.");
    if (file !== "-") reading(file, () => accessSync(file, constants.R_OK));
    return { file, zone };
  });
}

/** All files of one command. */
interface Whole {
  changeSet: number | undefined;
}

async function importFile(
  { api, words, flag }: CommandCall,
  whole: Whole,
  file: string,
  zone: string,
): Promise<Outcome> {
  const text = reading(file, () => readFileSync(file === "-" ? 0 : file, "utf8"));
  try {
    const answer = await api("zonefleet_import_zone", [
      ["zone", zone],
      ["text", text],
      ["overwrite", flag("overwrite") ? "1" : undefined],
      ["part", words.length > 1 ? "1" : undefined],
      ["change_set", whole.changeSet === undefined ? undefined : String(whole.changeSet)],
      ["anyway", flag("anyway") ? "1" : undefined],
    ]);
    whole.changeSet ??= part.parse(answer).change_set;
    return { file, ...imported.parse(answer) };
  } catch (error) {
    // It is this file that is refused; a server that cannot be asked ends it all.
    if (!(error instanceof CallRefused)) throw error;
    return { file, zone, status: "refused", message: error.message, warnings: [] };
  }
}

function reading<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
