import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { authorize } from "@/lib/access/authorize";
import { type DigestPage, wireName, zoneNameOf } from "@/lib/drivers/whm/protocol";
import { WireAnswer } from "@/lib/net/exchange";
import { existingZones, type ZoneText, zoneDigests, zoneTexts, zoneTextsAfter } from "@/lib/zones/member-reads";
import type { Call } from "../call";
import type { Command } from "../command";
import { ownHostname } from "../identity";
import { acceptsGzip, stampedText, zoneStream } from "../zone-stream";

const compress = promisify(gzip);

/** What members read. None of it changes anything, so none of it is remembered by `dnsuniqid`. */

const LIST_PAGE = 5_000;
const TEXT_PAGE = 50;

const getzonelist: Command = async ({ server, actor }) => {
  let list = "";
  for (let after: string | undefined = ""; after !== undefined; ) {
    const page = await zoneDigests(server, actor, { after, limit: LIST_PAGE });
    for (const { name } of page) list += `${wireName(name)}\n`;
    after = page.length < LIST_PAGE ? undefined : page.at(-1)?.name;
  }
  return list;
};

/** Empty when there is no such zone. */
const getzone: Command = async ({ server, actor, form }) => {
  const hostname = await ownHostname(server);
  for await (const zone of zoneTexts(server, actor, [form.zoneName("zone")])) return stampedText(zone, hostname);
  return "";
};

const getzones: Command = async ({ server, actor, form, request }) => {
  authorize(actor, "zone.read");
  return zoneStream(zoneTexts(server, actor, form.zoneNames("zones")), await ownHostname(server), request);
};

const getallzones: Command = async (call) => {
  authorize(call.actor, "zone.read");
  return zoneStream(allZones(call), await ownHostname(call.server), call.request);
};

async function* allZones({ server, actor }: Call): AsyncGenerator<ZoneText> {
  for (let after: string | undefined = ""; after !== undefined; ) {
    const page = await zoneTextsAfter(server, actor, { after, limit: TEXT_PAGE });
    yield* page;
    after = page.length < TEXT_PAGE ? undefined : page.at(-1)?.name;
  }
}

const zoneexists: Command = async ({ server, actor, form }) => {
  const name = zoneNameOf(form.required("zone"));
  return name !== undefined && (await existingZones(server, actor, [name])).has(name) ? "1" : "0";
};

/** Zonefleet only: what is here by serial and digest, a page at a time, so that a re-sync of equal zones moves no text. */
const getzonedigests: Command = async ({ server, actor, form, request }) => {
  const after = form.get("after") ?? "";
  const zones = await zoneDigests(server, actor, { after, limit: LIST_PAGE });
  const page: DigestPage = {
    zones: zones.map(({ name, serial, digest, updatedAt }) => [wireName(name), serial, digest, updatedAt]),
    next: zones.length < LIST_PAGE ? null : (zones.at(-1)?.name ?? null),
  };
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  const text = JSON.stringify(page);
  if (!acceptsGzip(request) || text.length < 8_192) return new WireAnswer(text, { headers });
  const packed = await compress(text, { level: constants.Z_BEST_SPEED });
  return new WireAnswer(packed, { headers: { ...headers, "content-encoding": "gzip" } });
};

export const readCommands = {
  getzonelist_local: getzonelist,
  getzone_local: getzone,
  getzones_local: getzones,
  getallzones_local: getallzones,
  zoneexists_local: zoneexists,
  getzonedigests_local: getzonedigests,
} satisfies Record<string, Command>;
