import { authorize } from "@/lib/access/authorize";
import { decodeFields, FormError } from "@/lib/drivers/whm/form-fields";
import { AppError } from "@/lib/errors";
import { WireAnswer, type WireRequest } from "@/lib/net/exchange";
import type { ApiFunction, ApiResult } from "./api-function";
import type { Call, WhmServer } from "./call";
import { callerOf } from "./credentials";
import { type Failure, failureHeaders, failureOf } from "./failure";
import { Form, readForm } from "./form";
import { dnssecFunctions } from "./functions/dnssec";
import { fleetFunctions } from "./functions/fleet";
import { nameserverFunctions } from "./functions/nameservers";
import { recordFunctions } from "./functions/records";
import { serverFunctions } from "./functions/server";
import { tokenFunctions } from "./functions/tokens";
import { trustFunctions } from "./functions/trust";
import { zoneFunctions } from "./functions/zones";

/**
 * WHM API 1 (`/json-api/FUNCTION?api.version=1&…`, GET or POST): one envelope for every answer, HTTP 200 also for a call that failed. Only who may not
 * call at all gets 401 or 403. Without `api.version` it is API 0, flat JSON, which the two functions have that WHM's clients ask for so;
 * every other one answers in the envelope then, too, which is more use than an error.
 */

/** By name. */
export const FUNCTIONS: ReadonlyMap<string, ApiFunction> = new Map(
  Object.entries({
    ...serverFunctions,
    ...zoneFunctions,
    ...recordFunctions,
    ...nameserverFunctions,
    ...dnssecFunctions,
    ...tokenFunctions,
    ...trustFunctions,
    ...fleetFunctions,
    batch,
  }),
);
const FLAT = new Set(["version", "gethostname"]);

const MIB = 1_048_576;
/** Takes a zone file, which may have 32 MiB, in a form; others take one MiB. */
const CARRIES_ZONE = "zonefleet_import_zone";
const MAX_BATCH = 100;

/** Answers one call. Never throws: what goes wrong is in the answer. */
export async function answerApi(server: WhmServer, name: string, request: WireRequest): Promise<WireAnswer> {
  try {
    const actor = await callerOf(server, request);
    // Before the body is read: who may not add zones need not send any.
    if (name === CARRIES_ZONE) authorize(actor, "zone.create");
    const form = await readForm(request, { maxBytes: (name === CARRIES_ZONE ? 64 : 1) * MIB, plusIsSpace: true });
    const call = { server, actor, form, request };
    if (form.get("api.version") !== undefined || !FLAT.has(name)) return json(await run(name, call));
    const { data } = await functionOf(name)(call);
    return json(data);
  } catch (error) {
    const failure = failureOf(error, name);
    return json(refusal(name, failure), httpStatus(failure), failureHeaders(failure));
  }
}

/** Failures that HTTP itself tells; the others travel with 200, as WHM's do. */
function httpStatus({ status }: Failure): number {
  return [401, 403, 413, 415, 429].includes(status) ? status : 200;
}

function functionOf(name: string): ApiFunction {
  const found = FUNCTIONS.get(name);
  if (!found) throw new AppError("invalid-input", `Unknown app ("${name.slice(0, 100)}") requested`);
  return found;
}

async function run(name: string, call: Call): Promise<unknown> {
  return envelope(name, await functionOf(name)(call));
}

function envelope(command: string, { data, output }: ApiResult) {
  const metadata = { command, reason: "OK", result: 1, version: 1 };
  return { data: data ?? null, metadata: output === undefined ? metadata : { ...metadata, output: { raw: output } } };
}

function refusal(command: string, { reason }: Failure) {
  return { data: null, metadata: { command, reason, result: 0, version: 1 } };
}

function json(
  body: unknown,
  status = 200,
  headers: Record<string, string> = { "cache-control": "no-store" },
): WireAnswer {
  return WireAnswer.json(body, { status, headers });
}

/** Several calls in one: `command` repeated, each a URI-encoded `function?arguments`. Answered in order; a failed one is its own answer. */
async function batch(call: Call): Promise<ApiResult> {
  const commands = call.form.all("command");
  if (commands.length > MAX_BATCH) throw new AppError("invalid-input", `A batch takes at most ${MAX_BATCH} commands.`);
  const stopsAtError = call.form.get("abort_on_error") === "1";
  const result: unknown[] = [];
  for (const command of commands) {
    const [name = "", query = ""] = command.split(/\?(.*)/s);
    try {
      if (name === "batch") throw new AppError("invalid-input", "A batch cannot hold another one.");
      const form = new Form(decodeFields(Buffer.from(query), { plusIsSpace: true }));
      result.push(await run(name, { ...call, form }));
    } catch (error) {
      const failure = failureOf(error, name);
      result.push(refusal(name, failure));
      if (stopsAtError) throw new FormError(`${name}: ${failure.reason}`);
    }
  }
  return { data: { result } };
}
