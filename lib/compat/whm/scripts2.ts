import { AppError } from "@/lib/errors";
import { type AnyAnswer, WireAnswer, type WireRequest } from "@/lib/net/exchange";
import { assertMember } from "./assert-member";
import type { WhmServer } from "./call";
import type { Command } from "./command";
import { keyCommands } from "./commands/keys";
import { readCommands } from "./commands/read";
import { serverCommands } from "./commands/server";
import { writeCommands } from "./commands/write";
import { callerOf } from "./credentials";
import { failureHeaders, failureOf } from "./failure";
import { readForm } from "./form";

/**
 * WHM's member commands (`/scripts2/NAME`), by GET or POST. Answers are text; what went wrong is an HTTP status with a line of text, because WHM keeps
 * commands that failed so and sends them again.
 */

/** By name. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({ ...readCommands, ...writeCommands, ...keyCommands, ...serverCommands }),
);

/** Open to every token: how WHM finds out what answers. Everything else is for cluster members. */
const FOR_EVERYBODY = new Set(["showversion", "gethostname"]);

const MIB = 1_048_576;
/** Commands that carry zone texts take this much, others one MiB. */
const CARRY_ZONES = new Set(["synczones_local", "savezone_local", "quickzoneadd_local"]);

/** Answers one command. Never throws: what goes wrong is in the answer. */
export async function answerCommand(server: WhmServer, name: string, request: WireRequest): Promise<AnyAnswer> {
  try {
    const actor = await callerOf(server, request);
    const command = COMMANDS.get(name);
    if (!command) throw new AppError("not-found", `There is no command ${name.slice(0, 100)} here.`);
    // Before the body is read: who may not send zones need not.
    if (!FOR_EVERYBODY.has(name)) await assertMember({ server, actor }, name);
    const form = await readForm(request, { maxBytes: (CARRY_ZONES.has(name) ? 64 : 1) * MIB, plusIsSpace: false });
    const answer = await command({ server, actor, form, request });
    return typeof answer === "string" ? text(answer) : answer;
  } catch (error) {
    const failure = failureOf(error, name);
    return text(`Error: ${failure.reason}\n`, failure.status, failureHeaders(failure));
  }
}

function text(
  body: string,
  status = 200,
  headers: Record<string, string> = { "cache-control": "no-store" },
): WireAnswer {
  return new WireAnswer(body, { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers } });
}
