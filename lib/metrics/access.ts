import type { Context } from "@/lib/context";
import { answerInTime } from "@/lib/db/answer-in-time";
import type { Database } from "@/lib/db/database";
import { addressSet } from "@/lib/net/address-set";
import { CLIENT_HEADER, FORWARDED_HEADER } from "@/lib/net/client-header";
import { equalSecret, sha256 } from "@/lib/secrets";
import { readSettings, type Settings } from "@/lib/settings/settings";

/**
 * Whether a request may read the metrics: with the token, or from one of the addresses. "off": there are none to be had. Nobody may, this machine included, before root says so: they
 * name every account's members, and on a web server accounts run programs of their own.
 */
export async function mayScrape({ db }: Pick<Context, "db">, headers: Headers): Promise<"yes" | "no" | "off"> {
  const { isEnabled, allowed, tokenHash } = await metricsSettings(db);
  if (!isEnabled) return "off";
  const token = /^bearer\s+(\S{1,200})$/i.exec(headers.get("authorization")?.trim() ?? "")?.[1] ?? "";
  if (tokenHash !== "" && equalSecret(sha256(token), tokenHash)) return "yes";
  // Handed on by a proxy that is not named: the address is the proxy's, and whose call it is is not known.
  if (headers.has(FORWARDED_HEADER)) return "no";
  return addressSet(allowed).has(headers.get(CLIENT_HEADER) ?? "") ? "yes" : "no";
}

type MetricsSettings = Settings<"metrics">;

/** As they were read last, for while the database does not answer: the metrics tell of just that then, and nobody can change what is in it. */
const lastRead = new WeakMap<Database, MetricsSettings>();

async function metricsSettings(db: Database): Promise<MetricsSettings> {
  try {
    const settings = await answerInTime(readSettings(db.client, "metrics"));
    lastRead.set(db, settings);
    return settings;
  } catch (error) {
    const before = lastRead.get(db);
    if (!before) throw error;
    return before;
  }
}
