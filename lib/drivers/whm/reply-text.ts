/**
 * What a text answer to a member command says. WHM answers in prose that is documented nowhere; HTTP 200 alone is no proof. Recognised as a refusal:
 * a page of HTML (a login page in place of an answer), WHM's JSON envelope with `result` 0, and lines that begin or go on with a word of failure.
 * Everything else counts as done; the nameserver is asked afterwards whether it is.
 */

export interface ReplyProblem {
  /** The line that says so. */
  readonly message: string;
  /** Whether the answer is no answer of the member protocol at all. */
  readonly isForeign: boolean;
}

const FAILURE =
  /^\W*(?:fatal|error|failed|failure|sorry|denied|access denied|permission denied|unable to|could not|cannot|can't|invalid)(?=[\s:,!]|$)|=>\s*(?:error|failed|refused|could not|unable)|\b(?:failed to|was refused|refused:|could not be|error:|an error occurred)/i;

/** The refusal in an answer, or undefined. */
export function replyProblem(text: string): ReplyProblem | undefined {
  const trimmed = text.trim();
  if (/^(?:<!doctype|<html|<\?xml|<head|<body)/i.test(trimmed))
    return { message: "A web page came in place of an answer.", isForeign: true };
  if (trimmed.startsWith("{")) {
    const message = jsonProblem(trimmed);
    return message === undefined ? undefined : { message, isForeign: false };
  }
  const line = trimmed.split(/[\r\n]+/).find((candidate) => FAILURE.test(candidate.trim()));
  return line === undefined ? undefined : { message: line.trim().slice(0, 300), isForeign: false };
}

/** Refusals by the zone that their line begins with or speaks of; `rest` belongs to no zone in particular. */
export function problemsByZone(
  text: string,
  names: readonly string[],
): { zones: Map<string, string>; rest: string | undefined } {
  const zones = new Map<string, string>();
  let rest: string | undefined;
  for (const line of text.split(/[\r\n]+/)) {
    const problem = replyProblem(line);
    if (!problem) continue;
    const words = new Set(
      line
        .toLowerCase()
        .split(/[^\w.-]+/)
        .map((word) => word.replace(/[.:]+$/, "").replace(/\.db$/, "")),
    );
    const named = names.filter((name) => words.has(name));
    for (const name of named) zones.set(name, problem.message);
    if (named.length === 0) rest ??= problem.message;
  }
  return { zones, rest };
}

function jsonProblem(text: string): string | undefined {
  let reply: unknown;
  try {
    reply = JSON.parse(text);
  } catch {
    return "The answer is damaged JSON.";
  }
  const found = [reply, member(reply, "metadata"), member(reply, "cpanelresult"), member(reply, "data")].find(
    (part) =>
      isZero(member(part, "result")) || isZero(member(part, "status")) || typeof member(part, "error") === "string",
  );
  if (found === undefined) return undefined;
  const words = [member(found, "reason"), member(found, "error"), member(found, "statusmsg")];
  return String(
    words.find((word) => typeof word === "string" && word !== "") ?? "It says that the command failed.",
  ).slice(0, 300);
}

function isZero(value: unknown): boolean {
  return value === 0 || value === "0";
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && key in value
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
