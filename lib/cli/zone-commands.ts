import { z } from "zod";
import { type Command, UsageError } from "./command";
import { importCommand } from "./import-command";
import { printable, table } from "./table";

const zoneList = z.object({ zone: z.array(z.object({ domain: z.string() })) });
const records = z.object({
  payload: z.array(
    z.object({
      dname_b64: z.string(),
      ttl: z.number(),
      record_type: z.string(),
      data_b64: z.array(z.string()),
    }),
  ),
});
const exported = z.object({ payload: z.array(z.object({ zone: z.string(), text_b64: z.string() })) });
const decoded = (base64: string) => Buffer.from(base64, "base64").toString("utf8");

export const zoneCommands: readonly Command[] = [
  {
    name: "zones list",
    usage: "",
    help: "Lists the zones of this server.",
    words: [0, 0],
    async run({ api }) {
      const { zone } = zoneList.parse(await api("listzones"));
      const names = zone.map(({ domain }) => domain);
      return { data: names, text: names.map((name) => `${printable(name)}\n`).join("") };
    },
  },
  {
    name: "zones show",
    usage: "ZONE",
    help: "Shows the records of a zone.",
    words: [1, 1],
    async run({ api, words: [zone] }) {
      const { payload } = records.parse(await api("parse_dns_zone", [["zone", zone]]));
      const rows = payload.map(({ dname_b64, ttl, record_type, data_b64 }) => ({
        ...{ owner: decoded(dname_b64), ttl, type: record_type, data: data_b64.map(decoded) },
      }));
      const cells = rows.map(({ owner, ttl, type, data }) => [owner, ttl, type, data.join(" ")]);
      return { data: rows, text: table(["OWNER", "TTL", "TYPE", "DATA"], cells, "The zone is empty.") };
    },
  },
  importCommand,
  {
    name: "zones export",
    usage: "ZONE",
    help: "Writes a zone as a zone file.",
    words: [1, 1],
    async run({ api, words: [zone] }) {
      const { payload } = exported.parse(await api("export_zone_files", [["zone", zone]]));
      const text = decoded(payload[0]?.text_b64 ?? "");
      return { data: { zone, text }, text };
    },
  },
  {
    name: "zones add",
    usage: "ZONE --ip ADDRESS [--ipv6 ADDRESS] [--template NAME]",
    help: "Adds a zone from a template.",
    options: { ip: "value", ipv6: "value", template: "value" },
    words: [1, 1],
    async run({ api, words: [zone], option }) {
      const ip = option("ip");
      if (ip === undefined) throw new UsageError("Say with --ip which address the zone is to have.");
      const fields = [
        ["domain", zone],
        ["ip", ip],
        ["ipv6", option("ipv6")],
        ["template", option("template")],
      ] as const;
      await api("adddns", fields);
      return { data: { zone }, text: `${printable(zone)} was added.\n` };
    },
  },
  {
    name: "zones delete",
    usage: "ZONE",
    help: "Puts a zone into the recycle bin; its nameservers stop serving it.",
    words: [1, 1],
    async run({ api, words: [zone] }) {
      await api("killdns", [["domain", zone]]);
      return { data: { zone }, text: `${printable(zone)} is in the recycle bin.\n` };
    },
  },
];
