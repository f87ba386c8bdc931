import { authorize } from "@/lib/access/authorize";
import { wireName, zoneNameOf } from "@/lib/drivers/whm/protocol";
import { AppError } from "@/lib/errors";
import { existingZones } from "@/lib/zones/member-reads";
import { readableZone } from "@/lib/zones/queries";
import type { ApiFunction } from "../api-function";
import type { Call } from "../call";
import { DNSSEC_UNAVAILABLE } from "../dnssec-words";

/**
 * WHM's functions of DNSSEC, in the shapes that its clients read. This server does not sign zones: nothing is enabled, there are no DS records, and keys
 * are neither given out nor taken. A client learns that domain by domain instead of believing that a zone is signed.
 */

const MAX_DOMAINS = 1_000;

/** Each domain of the call with what is to be said of it: of somebody else's zone the same as of none. */
async function eachDomain(
  call: Call,
  row: (domain: string, problem: string | null) => object,
): Promise<{ data: { domains: object[] } }> {
  const domains = call.form.all("domain");
  if (domains.length === 0) throw new AppError("invalid-input", "The argument “domain” is missing.");
  if (domains.length > MAX_DOMAINS)
    throw new AppError("invalid-input", `At most ${MAX_DOMAINS} domains can be given in one call.`);
  const names = domains.map((domain) => zoneNameOf(domain));
  const found = await existingZones(
    call.server,
    call.actor,
    names.filter((name) => name !== undefined),
  );
  const rows = domains.map((domain, index) => {
    const name = names[index];
    return name !== undefined && found.has(name)
      ? row(wireName(name), null)
      : row(domain, `There is no zone ${domain.slice(0, 300)} here, or it is not yours.`);
  });
  return { data: { domains: rows } };
}

const enable_dnssec_for_domains: ApiFunction = async (call) => {
  authorize(call.actor, "zone.write");
  return eachDomain(call, (domain, problem) => ({ domain, enabled: 0, error: problem ?? DNSSEC_UNAVAILABLE }));
};

/** A zone that is not signed is as disabled as it shall be. */
const disable_dnssec_for_domains: ApiFunction = async (call) => {
  authorize(call.actor, "zone.write");
  return eachDomain(call, (domain, problem) =>
    problem === null ? { domain, disabled: 1 } : { domain, disabled: 0, error: problem },
  );
};

const fetch_ds_records_for_domains: ApiFunction = (call) =>
  eachDomain(call, (domain, problem) => ({
    domain,
    ds_records: { keys: {} },
    ...(problem === null ? {} : { error: problem }),
  }));

const export_zone_key: ApiFunction = async ({ server, actor, form }) => {
  authorize(actor, "zone.write");
  await readableZone(server, actor, form.zoneName("domain"));
  const id = form.required("key_id").slice(0, 20);
  throw new AppError("not-found", `There is no key ${id}. ${DNSSEC_UNAVAILABLE}`);
};

const import_zone_key: ApiFunction = async ({ server, actor, form }) => {
  authorize(actor, "zone.write");
  const name = form.zoneName("domain");
  await readableZone(server, actor, name);
  form.required("key_data");
  if (!/^[kz]sk$/i.test(form.required("key_type")))
    throw new AppError("invalid-input", "“key_type” is one of ksk and zsk.");
  return { data: { domain: wireName(name), success: 0, error: DNSSEC_UNAVAILABLE } };
};

export const dnssecFunctions = {
  enable_dnssec_for_domains,
  disable_dnssec_for_domains,
  fetch_ds_records_for_domains,
  export_zone_key,
  import_zone_key,
} satisfies Record<string, ApiFunction>;
