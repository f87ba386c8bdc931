import { editRrsets } from "@/lib/zones/edit-rrsets";
import { getZone } from "@/lib/zones/queries";
import type { ApiHandler } from "./call";
import { readJson } from "./read-json";
import { ownerOf, rrsetEdit, rrsetsBody, shortName, typeOf, zoneOf } from "./zone-input";

/** `GET zones/NAME`: a zone with its RRsets, or those of one name or type only. */
export const readZone: ApiHandler = async ({ server, actor, subject, query }) => {
  const { name, seq, serial, updatedAt, owner, zone } = await getZone(server, actor, zoneOf(subject));
  const [wantedName, wantedType] = [query.get("name"), query.get("type")];
  const [onlyName, onlyType] = [wantedName && ownerOf(wantedName, name), wantedType && typeOf(wantedType)];
  const rrsets = zone.rrsets
    .filter((rrset) => (!onlyName || rrset.owner === onlyName) && (!onlyType || rrset.type === onlyType))
    .map(({ owner, type, ttl, rdatas }) => ({ name: shortName(owner), type, ttl, records: rdatas }));
  const head = { name: shortName(name), serial, change: seq, updatedAt: new Date(updatedAt).toISOString(), owner };
  return { zone: head, rrsets };
};

/** `PATCH zones/NAME/rrsets`: all of the edits, as one change, or none. */
export const patchRrsets: ApiHandler = async ({ server, actor, subject, request }) => {
  const name = zoneOf(subject);
  const { edits, reason } = rrsetsBody.parse(await readJson(request));
  const wanted = edits.map((edit) => rrsetEdit(edit, name));
  const { seq, serial, isChanged } = await editRrsets(server, actor, { name, edits: wanted, reason });
  return { change: { id: seq, zone: shortName(name), serial }, changed: isChanged };
};
