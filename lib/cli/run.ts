import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import type { ClientEnv } from "@/lib/env";
import { connectApi } from "./api";
import { CallFailed, type Command, EXIT, EXIT_WORDS, type ExitCode, type OptionKind, UsageError } from "./command";
import { fleetCommands } from "./fleet-commands";
import { recordCommands } from "./record-commands";
import { syncCommands } from "./sync-commands";
import { printable } from "./table";
import { zoneCommands } from "./zone-commands";

const COMMANDS: readonly Command[] = [...zoneCommands, ...recordCommands, ...fleetCommands, ...syncCommands];

const GLOBAL = { server: "value", user: "value", token: "value", pin: "value", json: "flag", help: "flag" } as const;

const HELP_OPTIONS = `Options of every command:
  --server URL    the server; ZONEFLEET_SERVER, or the one on this machine
  --token TOKEN   an API token; better in ZONEFLEET_TOKEN, where no process list shows it
  --user NAME     whose token it is (root)
  --pin PIN       SHA-256 of the server's public key, base64, in place of the system's roots
  --json          data instead of text
  --help          what a command does

A server on this machine is known by the certificate in its data directory (ZONEFLEET_DATA_DIR, ./data).

Exit codes:
${Object.entries(EXIT_WORDS)
  .map(([code, words]) => `  ${code}  ${words}`)
  .join("\n")}
With --json an error is told as {"error":{"exitCode":…,"message":…}} on standard error.
`;

interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Runs one command line. @returns the exit code */
export async function run(args: readonly string[], env: ClientEnv, { out, err }: Output): Promise<ExitCode> {
  try {
    const command = commandOf(args);
    if (!command) {
      const wanted = args.filter((word) => !word.startsWith("-"));
      if (wanted.length > 0 && !isGroup(wanted)) throw new UsageError(`There is no command “${wanted.join(" ")}”.`);
      const isAsked = args.length === 0 || args.includes("--help");
      if (!isAsked && args.includes("--json")) throw new UsageError(`There is no command “${wanted.join(" ")}”.`);
      (isAsked ? out : err)(overview(wanted[0]));
      return isAsked ? EXIT.ok : EXIT.usage;
    }
    return await runCommand(command, args.slice(command.name.split(" ").length), env, out);
  } catch (error) {
    const { exitCode, message } = told(error);
    if (args.includes("--json")) err(`${JSON.stringify({ error: { exitCode, message } })}\n`);
    else err(`${printable(message)}\n${exitCode === EXIT.usage ? "“zonefleet --help” tells what there is.\n" : ""}`);
    return exitCode;
  }
}

/** What a person, or a script, is told of an error. @throws what is none of theirs */
function told(error: unknown): { exitCode: ExitCode; message: string } {
  if (error instanceof UsageError) return { exitCode: EXIT.usage, message: error.message };
  if (error instanceof CallFailed) return { exitCode: error.exitCode, message: error.message };
  if (error instanceof z.ZodError)
    return { exitCode: EXIT.noServer, message: "The server answers in another way: it is of another version." };
  throw error;
}

/** The command's words come first. */
const commandOf = (args: readonly string[]) =>
  COMMANDS.find(({ name }) => name.split(" ").every((word, index) => args[index] === word));

const isGroup = ([group]: readonly string[]) => COMMANDS.some(({ name }) => name.split(" ")[0] === group);

async function runCommand(
  command: Command,
  args: readonly string[],
  env: ClientEnv,
  out: (text: string) => void,
): Promise<ExitCode> {
  const { values, words } = parse(command, args);
  if (values.help) {
    out(`zonefleet ${command.name} ${command.usage}\n\n${command.help}\n\n${HELP_OPTIONS}`);
    return EXIT.ok;
  }
  const [least, most] = command.words;
  if (words.length < least || words.length > most)
    throw new UsageError(`Usage: zonefleet ${command.name} ${command.usage}`);
  const text = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  const connection = { server: text("server"), user: text("user") ?? "root", token: text("token"), pin: text("pin") };
  const api = await connectApi(connection, env);
  try {
    const result = await command.run({
      api: api.call,
      rest: api.rest,
      words,
      option: text,
      all: (name) => (Array.isArray(values[name]) ? values[name].map(String) : []),
      flag: (name) => values[name] === true,
      wait: (ms) => sleep(ms),
    });
    out(values.json ? `${JSON.stringify(result.data, null, 2)}\n` : result.text);
    return result.exitCode ?? EXIT.ok;
  } finally {
    api.close();
  }
}

function parse(command: Command, args: readonly string[]) {
  const kinds: [string, OptionKind][] = Object.entries({ ...GLOBAL, ...command.options });
  const options = Object.fromEntries(
    kinds.map(([name, kind]) => [
      name,
      { type: kind === "flag" ? "boolean" : "string", multiple: kind === "values" } as const,
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return {
      values: values as Record<string, string | boolean | (string | boolean)[] | undefined>,
      words: positionals,
    };
  } catch (error) {
    // Node's own words say which option it is.
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

function overview(group: string | undefined): string {
  const shown = COMMANDS.filter(({ name }) => group === undefined || name.split(" ")[0] === group);
  const lines = shown.map(({ name, usage, help }) =>
    `  zonefleet ${name} ${usage}`.trimEnd().concat(`\n      ${help}`),
  );
  return `${lines.join("\n")}\n\n${HELP_OPTIONS}`;
}
