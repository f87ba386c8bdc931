import { addZone } from "@/lib/cluster/add-zone";
import { silentWords } from "@/lib/cluster/silent-words";
import { zoneRecords } from "@/lib/dns/zone-build";
import { formatZoneFile, parseCanonicalZone } from "@/lib/dns/zone-file";
import { wireName } from "@/lib/drivers/whm/protocol";
import { AppError } from "@/lib/errors";
import { readSettings } from "@/lib/settings/settings";
import { checkDomain } from "@/lib/trusted-ips/check-domain";
import { zoneDigests, zoneTexts } from "@/lib/zones/member-reads";
import { getZone } from "@/lib/zones/queries";
import { templateZone } from "@/lib/zones/schemas";
import { deleteZone, editZone } from "@/lib/zones/service";
import { createZoneFromTemplate, listTemplates, ownerCalled } from "@/lib/zones/templates";
import { MAX_NAMESERVERS } from "@/lib/zones/templates-values";
import type { ApiFunction } from "../api-function";
import type { Call } from "../call";
import { ownHostname } from "../identity";
import { dataItems } from "../record-data";
import { changesOfEdits } from "../record-edits";

const PAGE = 5_000;
const MAX_EXPORTS = 100;

const listzones: ApiFunction = async ({ server, actor }) => {
  const zone: { domain: string; zonefile: string }[] = [];
  for (let after = ""; ; ) {
    const page = await zoneDigests(server, actor, { after, limit: PAGE });
    for (const { name } of page) zone.push({ domain: wireName(name), zonefile: `${wireName(name)}.db` });
    const last = page.at(-1);
    if (page.length < PAGE || !last) return { data: { zone } };
    after = last.name;
  }
};

/**
 * Adds a zone from a template: the one of that name, or the default one. Root may add it for another user (`trueowner`). One that a member has is refused
 * with a reason that names the member; WHM documents no argument to add it all the same, so there is none.
 */
const adddns: ApiFunction = async ({ server, actor, form }) => {
  const templates = await listTemplates(server, actor);
  const wanted = form.get("template")?.toLowerCase();
  const template = templates.find(({ name }) => name.toLowerCase() === wanted) ?? templates[0];
  const { nameservers } = await readSettings(server.db.client, "zones");
  const input = templateZone.safeParse({
    name: wireName(form.zoneName("domain")),
    templateId: template?.id ?? 0,
    ip: form.required("ip"),
    ipv6: form.get("ipv6") ?? "",
    nameservers: nameservers.slice(0, MAX_NAMESERVERS).map(wireName),
  });
  if (!input.success)
    throw new AppError("invalid-input", input.error.issues[0]?.message ?? "The arguments are not valid.");
  const owner = form.get("trueowner");
  const ownerId = owner === undefined ? undefined : await ownerCalled(server, actor, owner);
  const { name, silent } = await addZone(server, actor, { name: input.data.name, ownerId }, () =>
    createZoneFromTemplate(server, actor, { ...input.data, owner }),
  );
  const doubts = [silentWords(silent), ...(await checkDomain(server, actor, name))].filter((words) => words !== "");
  return { output: [`Zone ${wireName(name)} has been successfully added`, ...doubts, ""].join("\n") };
};

const killdns: ApiFunction = async ({ server, actor, form }) => {
  const name = form.zoneName("domain");
  await deleteZone(server, actor, { name, reason: "killdns" });
  return { output: `${wireName(name)} => deleted from ${await ownHostname(server)}. \n` };
};

/** Lines are those of the canonical text, one record each, counted from 0. They hold for one serial. */
const parse_dns_zone: ApiFunction = async ({ server, actor, form }) => {
  const { zone } = await getZone(server, actor, form.zoneName("zone"));
  const payload = [...zoneRecords(zone)].map(({ owner, ttl, type, rdata }, line_index) => ({
    line_index,
    type: "record",
    dname_b64: base64(owner),
    ttl,
    record_type: type,
    data_b64: dataItems(rdata).map((item) => item.toString("base64")),
  }));
  return { data: { payload } };
};

const mass_edit_dns_zone: ApiFunction = async ({ server, actor, form }) => {
  const name = form.zoneName("zone");
  const given = form.required("serial");
  const { zone, serial, seq } = await getZone(server, actor, name);
  if (given !== String(serial))
    throw new AppError(
      "conflict",
      `The zone’s serial number is ${serial}, not ${given.slice(0, 20)}: it was changed in between. Read it again.`,
    );
  const edits = { add: form.all("add"), edit: form.all("edit"), remove: form.all("remove") };
  const changes = changesOfEdits(name, [...zoneRecords(zone)], edits);
  if (changes.length === 0) throw new AppError("invalid-input", "Nothing to do: give “add”, “edit” or “remove”.");
  const ref = await editZone(server, actor, { name, changes, baseSeq: seq, reason: "mass_edit_dns_zone" });
  return { data: { new_serial: String(ref.serial) } };
};

const export_zone_files: ApiFunction = async ({ server, actor, form }) => {
  const names = exportNames(form);
  const texts = new Map<string, string>();
  for await (const { name, text } of zoneTexts(server, actor, names))
    texts.set(name, formatZoneFile(parseCanonicalZone(text, name)));
  const payload = names.map((name) => {
    const text = texts.get(name);
    if (text === undefined)
      throw new AppError("not-found", `There is no zone ${wireName(name)} here, or it is not yours.`);
    return { zone: wireName(name), text_b64: base64(text) };
  });
  return { data: { payload } };
};

function exportNames(form: Call["form"]): string[] {
  const names = form.zoneNames("zone");
  if (names.length === 0) throw new AppError("invalid-input", "The argument “zone” is missing.");
  if (names.length > MAX_EXPORTS)
    throw new AppError("invalid-input", `At most ${MAX_EXPORTS} zones can be exported in one call.`);
  return names;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

export const zoneFunctions = {
  listzones,
  adddns,
  killdns,
  parse_dns_zone,
  mass_edit_dns_zone,
  export_zone_files,
} satisfies Record<string, ApiFunction>;
