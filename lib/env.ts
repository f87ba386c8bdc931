import path from "node:path";
import { z } from "zod";

/** The only reader of `process.env`. Everything is checked once at start; what is wrong is named, with what to write instead. */

const flag = (fallback: "on" | "off") => z.enum(["on", "off"]).default(fallback);
const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );

/** The base address of a hosted service's API: host and port, as the API's own paths follow. */
const service = (fallback: string) =>
  z
    .url({ protocol: /^https$/ })
    .default(fallback)
    .transform((text) => new URL(text))
    .refine(
      (url) => url.pathname === "/" && url.search === "" && url.username === "",
      "must be https://HOST or https://HOST:PORT",
    )
    .transform((url) => ({ hostname: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || "443") }));

const nameservers = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text) => (text === "none" ? [] : text.split(",").map((part) => part.trim())));

const schema = z.object({
  ZONEFLEET_DATA_DIR: z.string().min(1).default("./data"),
  DATABASE_URL: z
    .string()
    .regex(/^(file:|postgres(ql)?:\/\/)/, "must start with file: or postgresql://")
    .optional(),
  ZONEFLEET_LISTEN: z.string().min(1).default("::"),
  ZONEFLEET_PORT: z.coerce.number().int().min(1).max(65_535).default(2087),
  ZONEFLEET_TLS: flag("on"),
  ZONEFLEET_TRUSTED_PROXIES: list,
  ZONEFLEET_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  ZONEFLEET_SECRET_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, "must be 64 hexadecimal digits (openssl rand -hex 32)")
    .optional(),
  ZONEFLEET_ROOT_PASSWORD: z.string().min(8, "must have at least 8 characters").optional(),
  ZONEFLEET_HOSTNAME: z.string().optional(),
  ZONEFLEET_ADDRESSES: list,
  ZONEFLEET_KIND: z.enum(["web-server", "dns-only"]).optional(),
  ZONEFLEET_DNS_LISTEN: list,
  ZONEFLEET_ALLOWED_MEMBER_NETWORKS: list,
  ZONEFLEET_SOFTLAYER_API: service("https://api.softlayer.com"),
  ZONEFLEET_SOFTLAYER_NAMESERVERS: nameservers("ns1.softlayer.com,ns2.softlayer.com"),
  ZONEFLEET_VPSNET_API: service("https://api.vps.net"),
  ZONEFLEET_VPSNET_NAMESERVERS: nameservers("none"),
  ZONEFLEET_LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  ZONEFLEET_FAULT_POINT_FILE: z.string().optional(),
});

/** A server that others reach must not be one that can be told to die. */
const checked = schema.refine(
  ({ ZONEFLEET_FAULT_POINT_FILE: file, ZONEFLEET_LISTEN: listen }) => file === undefined || /^127\.|^::1$/.test(listen),
  { path: ["ZONEFLEET_FAULT_POINT_FILE"], message: "is for tests, on loopback addresses only: remove it" },
);

/** Where a hosted DNS service is. */
export interface ServiceEndpoint {
  /** Of its API. */
  readonly hostname: string;
  readonly port: number;
  /** Asked over DNS: hostnames or numeric addresses, `@PORT` behind them where it is not 53. */
  readonly nameservers: readonly string[];
}

export interface Env {
  /** Absolute path; holds keys, certificate, database, nameserver and logs. */
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** Where the panel listens. */
  readonly listen: string;
  readonly port: number;
  readonly tls: boolean;
  /** Addresses and CIDRs of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** How browsers reach this server; derived from hostname and port when not given. */
  readonly publicUrl?: string;
  /** Seals member credentials; 32 bytes, hex. Taken from the key file when not given. */
  readonly secretKey?: string;
  readonly rootPassword?: string;
  readonly hostname?: string;
  readonly addresses: readonly string[];
  readonly kind?: "web-server" | "dns-only";
  /** `ADDRESS@PORT` each, Knot's own notation. */
  readonly dnsListen: readonly string[];
  /** Loopback, link-local and other special networks in which members are allowed, as CIDRs. */
  readonly allowedMemberNetworks: readonly string[];
  /** Hosted DNS services by backend. */
  readonly services: Readonly<Record<"softlayer" | "vpsnet", ServiceEndpoint>>;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  /** For tests that kill this process at a named place: see lib/fault-points. */
  readonly faultPointFile?: string;
}

/**
 * Reads and checks the environment.
 * @throws Error whose message names every wrong variable, one a line.
 */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = checked.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`The environment is not usable (see .env.example):\n${lines.join("\n")}`);
  }
  const env = parsed.data;
  const dataDir = path.resolve(env.ZONEFLEET_DATA_DIR);
  return {
    dataDir,
    databaseUrl: env.DATABASE_URL ?? `file:${path.join(dataDir, "zonefleet.db")}`,
    listen: env.ZONEFLEET_LISTEN,
    port: env.ZONEFLEET_PORT,
    tls: env.ZONEFLEET_TLS === "on",
    trustedProxies: env.ZONEFLEET_TRUSTED_PROXIES,
    publicUrl: env.ZONEFLEET_PUBLIC_URL,
    secretKey: env.ZONEFLEET_SECRET_KEY,
    rootPassword: env.ZONEFLEET_ROOT_PASSWORD,
    hostname: env.ZONEFLEET_HOSTNAME,
    addresses: env.ZONEFLEET_ADDRESSES,
    kind: env.ZONEFLEET_KIND,
    dnsListen: env.ZONEFLEET_DNS_LISTEN,
    allowedMemberNetworks: env.ZONEFLEET_ALLOWED_MEMBER_NETWORKS,
    services: {
      softlayer: { ...env.ZONEFLEET_SOFTLAYER_API, nameservers: env.ZONEFLEET_SOFTLAYER_NAMESERVERS },
      vpsnet: { ...env.ZONEFLEET_VPSNET_API, nameservers: env.ZONEFLEET_VPSNET_NAMESERVERS },
    },
    logLevel: env.ZONEFLEET_LOG_LEVEL,
    faultPointFile: env.ZONEFLEET_FAULT_POINT_FILE,
  };
}

/** What the command line takes from the environment, when its options do not say it. */
export interface ClientEnv {
  readonly token: string | undefined;
  /** `https://HOST[:PORT]` */
  readonly server: string | undefined;
  /** Absolute path of a server's data directory on this machine: its certificate is the one to believe. */
  readonly dataDir: string;
  readonly port: string;
}

export function readClientEnv(source: Record<string, string | undefined> = process.env): ClientEnv {
  return {
    token: source.ZONEFLEET_TOKEN || undefined,
    server: source.ZONEFLEET_SERVER || undefined,
    dataDir: path.resolve(source.ZONEFLEET_DATA_DIR || "./data"),
    port: source.ZONEFLEET_PORT || "2087",
  };
}
