/** Other people's zone file readers: each takes a zone file of example.com. and writes what it understood. For integration tests. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Policy questions (host names, missing addresses) are not the matter here. */
const BIND_CHECKS = [
  "-i",
  "none",
  ...["-k", "-m", "-M", "-n", "-r", "-S", "-T", "-W"].flatMap((flag) => [flag, "ignore"]),
];

/** Keys and a policy that allow every TTL up to a week; Knot ties signature lifetimes to TTLs. */
const knotConfiguration = (directory: string): string => `
server:
    rundir: ${directory}
database:
    storage: ${directory}
policy:
  - id: test
    algorithm: ed25519
    single-type-signing: on
    rrsig-lifetime: 100000000
    rrsig-refresh: 30d
zone:
  - domain: example.com.
    file: ${directory}/zone
    dnssec-signing: on
    dnssec-policy: test
`;

export class ForeignReaders {
  private constructor(private readonly directory: string) {}

  static async open(): Promise<ForeignReaders> {
    const directory = await mkdtemp(path.join(tmpdir(), "zonefleet-dns-"));
    await writeFile(path.join(directory, "knot.conf"), knotConfiguration(directory));
    return new ForeignReaders(directory);
  }

  async close(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  /** `named-compilezone`, written back with absolute names ("full") or with $ORIGIN and relative ones. */
  async bind(text: string, style: "full" | "relative"): Promise<string> {
    const arguments_ = [...BIND_CHECKS, "-s", style, "-o", "-", "example.com", await this.file(text)];
    return this.run("named-compilezone", arguments_);
  }

  /** `kzonecheck` accepts the file, or this rejects. */
  async knotCheck(text: string): Promise<void> {
    await this.run("kzonecheck", ["-o", "example.com", await this.file(text)]);
  }

  /** What Knot understood: `kzonesign` writes the zone it has read, with signatures that `parseZoneFile` leaves out. */
  async knot(text: string): Promise<string> {
    await this.file(text);
    const signed = path.join(this.directory, "signed");
    await rm(signed, { recursive: true, force: true });
    await this.run("kzonesign", ["-c", path.join(this.directory, "knot.conf"), "-r", "-o", signed, "example.com."]);
    return readFile(path.join(signed, "zone"), "latin1");
  }

  /** `ldns-read-zone -c` (canonical). Types in `generic` are written in RFC 3597 form. */
  async ldns(text: string, generic: readonly string[]): Promise<string> {
    return this.run("ldns-read-zone", [
      "-c",
      ...generic.flatMap((type) => ["-u", type]),
      await this.file(`$ORIGIN example.com.\n${text}`),
    ]);
  }

  private async file(text: string): Promise<string> {
    const file = path.join(this.directory, "zone");
    await writeFile(file, text);
    return file;
  }

  /** Output as octets: the tools write names in ASCII, and text in whatever octets it had. */
  private async run(tool: string, arguments_: readonly string[]): Promise<string> {
    const { stdout } = await run(tool, arguments_, {
      encoding: "latin1",
      timeout: 20_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  }
}
