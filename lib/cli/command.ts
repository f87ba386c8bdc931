/** What a command has to work with. */
export interface CommandCall {
  /** Calls a function of WHM API 1. @returns its data. @throws CallFailed */
  api(name: string, fields?: readonly (readonly [string, string | undefined])[]): Promise<Record<string, unknown>>;
  /** Calls the REST API. @param path after /api/v1/ @param seconds how long the answer may take. @throws CallFailed */
  rest(
    method: "GET" | "PATCH",
    path: string,
    more?: { readonly body?: unknown; readonly seconds?: number },
  ): Promise<unknown>;
  /** What stands after the command, options taken out. */
  readonly words: readonly string[];
  /** An option's value; undefined: not given. */
  option(name: string): string | undefined;
  /** Every value of an option that may be given more than once. */
  all(name: string): readonly string[];
  flag(name: string): boolean;
  /** Pauses between two looks. */
  wait(ms: number): Promise<void>;
}

/** What a command gives: data for `--json`, and the same as text for people. */
export interface CommandResult {
  readonly data: unknown;
  readonly text: string;
  /** Default 0. */
  readonly exitCode?: ExitCode;
}

/** Exit codes, for scripts. */
export const EXIT = { ok: 0, failed: 1, usage: 2, notEverywhere: 3, noServer: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The table of the help text. */
export const EXIT_WORDS: Readonly<Record<ExitCode, string>> = {
  [EXIT.ok]: "done; for receipts, wait, problems, members check and sync: everything is as it should be",
  [EXIT.failed]: "the server said no: what was asked for cannot be done, or the token may not do it or has expired",
  [EXIT.usage]: "the command line cannot be understood, or a file cannot be read; nothing was done",
  [EXIT.notEverywhere]: "not everywhere yet: a change waits, a zone differs, a server is not online, a plan has steps",
  [EXIT.noServer]: "no answer: the server does not run, is not the one that is known, or broke off",
};

export type OptionKind = "value" | "values" | "flag";

export interface Command {
  /** "zones list" */
  readonly name: string;
  /** What stands after the name, such as "ZONE [--overwrite]". */
  readonly usage: string;
  /** One sentence, and where it matters what the exit code says. */
  readonly help: string;
  /** Names of its options, without the dashes: with a value, with several, or none. */
  readonly options?: Readonly<Record<string, OptionKind>>;
  /** How many words it takes: the least, and the most. */
  readonly words: readonly [number, number];
  run(call: CommandCall): Promise<CommandResult>;
}

/** The person has to write something else. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The call came to nothing, and so will others. */
export class CallFailed extends Error {
  override readonly name: string = "CallFailed";
  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.noServer,
  ) {
    super(message);
  }
}

/** The server understood this call, and said no to it. */
export class CallRefused extends CallFailed {
  override readonly name = "CallRefused";
  constructor(message: string) {
    super(message, EXIT.failed);
  }
}
