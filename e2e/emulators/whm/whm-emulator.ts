import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gunzipSync, gzipSync } from "node:zlib";
import { selfSigned } from "../self-signed";
import { faultAnswer, type WhmFault } from "./faults";

/**
 * A stateful emulator of what a cPanel & WHM or DNSOnly server answers to its cluster members, over real HTTPS.
 *
 * Modelled on public documentation of WHM API 1 and of the `/scripts2/*_local` commands, on the BSD-licensed client that WHM servers use between
 * themselves (cPanel::PublicAPI) and on public third-party code. It was never compared with a real WHM server: texts of answers that are documented nowhere
 * are guesses, and the emulator refuses compressed requests because nothing says that WHM reads them.
 */
export interface WhmEmulator {
  readonly port: number;
  readonly pin: string;
  /** Zone files by name without the final dot. */
  readonly zones: Map<string, string>;
  /** Servers that set up a trust, by `clustermaster`, with the user and the token that they gave. Their tokens are not tried. */
  readonly trusted: Map<string, { readonly user: string; readonly pass: string }>;
  /** Every request that was let in, oldest first. */
  readonly requests: readonly WhmRequest[];
  /** TLS connections so far. */
  readonly connections: () => number;
  /** What goes wrong from now on; null: nothing. */
  fault: WhmFault | null;
  /** Its nameserver. `components`: what `installed_versions` lists beside cPanel & WHM itself; 0 stands for what is not installed. */
  nameserver: WhmNameserver;
  close(): Promise<void>;
}

export interface WhmNameserver {
  readonly components: Readonly<Record<string, string | 0>>;
  readonly isEnabled: boolean;
  readonly isRunning: boolean;
}

export interface WhmRequest {
  readonly method: string;
  readonly path: string;
  /** Path and query as they stood in the request line. */
  readonly target: string;
  readonly contentType: string | undefined;
  readonly fields: ReadonlyMap<string, string>;
}

export interface WhmOptions {
  readonly username?: string;
  readonly token?: string;
  readonly acls?: readonly string[];
  readonly version?: string;
  readonly hostname?: string;
}

const ZONE = "cpdnszone-";

export async function startWhmEmulator(options: WhmOptions = {}): Promise<WhmEmulator> {
  const {
    username = "root",
    token = "WHMTOKEN0123456789",
    version = "11.110.0.5",
    hostname = "whm.example.net",
  } = options;
  const acls = options.acls ?? ["clustering"];
  const certificate = await selfSigned([hostname, "localhost", "127.0.0.1"]);
  const zones = new Map<string, string>();
  const trusted: WhmEmulator["trusted"] = new Map();
  const requests: WhmRequest[] = [];
  const seen = new Set<string>();
  let connections = 0;

  const emulator = {
    zones,
    trusted,
    requests,
    fault: null as WhmFault | null,
    nameserver: { components: { bind: 0, powerdns: "4.4.1-1" }, isEnabled: true, isRunning: true } as WhmNameserver,
    pin: certificate.pin,
    connections: () => connections,
  };

  // WHM knows no ports: a host that was given with one is the host.
  const isTrusted = (host: string) => [...trusted.keys()].some((known) => known.replace(/:\d+$/, "") === host);
  const api = (
    name: string,
    isFlat: boolean,
    fields: ReadonlyMap<string, string>,
    commands: readonly string[],
  ): unknown => {
    if (isFlat && name === "version") return { version };
    if (isFlat && name === "gethostname") return { hostname };
    const { components, isEnabled, isRunning } = emulator.nameserver;
    const enabled = Number(isEnabled);
    const named = { name: "named", display_name: "DNS Server", enabled, installed: 1, monitored: enabled };
    const data: Record<string, unknown> = {
      installed_versions: { cpanel_and_whm: version, ...components },
      servicestatus: { service: [{ ...named, running: Number(isEnabled && isRunning) }] },
      version: { version },
      gethostname: { hostname },
      cluster_member_has_trust_with: { has_trust: isTrusted(fields.get("host") ?? "") ? 1 : 0 },
      myprivs: {
        privileges: [
          Object.fromEntries(["all", "clustering", "edit-dns"].map((acl) => [acl, acls.includes(acl) ? 1 : 0])),
        ],
      },
    };
    if (name === "batch") {
      const result = commands.map((one) => api(one.replace(/\?.*/s, ""), false, fields, []));
      return { data: { result }, metadata: { command: name, reason: "OK", result: 1, version: 1 } };
    }
    const known = Object.hasOwn(data, name);
    const reason = known ? "OK" : `Unknown app ("${name}") requested`;
    return { data: known ? data[name] : null, metadata: { command: name, reason, result: known ? 1 : 0, version: 1 } };
  };

  const command = (name: string, fields: ReadonlyMap<string, string>): string => {
    const id = fields.get("dnsuniqid");
    const isRepeated = id !== undefined && seen.has(id);
    if (id !== undefined) seen.add(id);
    const named = (fields.get("zones") ?? fields.get("zone") ?? "")
      .split(/[,|]/)
      .filter((zone) => zone !== "")
      .map((zone) => zone.replace(/\.db$/, ""))
      .filter(isZoneName);
    switch (name) {
      case "getzonelist_local":
        return [...zones.keys()].map((zone) => `${zone}\n`).join("");
      case "getzone_local":
        return zones.get(named[0] ?? "") ?? "";
      case "getzones_local":
        return encodeZones(named.flatMap((zone) => (zones.has(zone) ? [[zone, zones.get(zone) ?? ""]] : [])));
      case "getallzones_local":
        return encodeZones([...zones]);
      case "zoneexists_local":
        return zones.has(named[0] ?? "") ? "1" : "0";
      case "synczones_local":
        if (!isRepeated)
          for (const [key, text] of fields)
            if (key.startsWith(ZONE) && isZoneName(key.slice(ZONE.length))) zones.set(key.slice(ZONE.length), text);
        return "";
      case "savezone_local":
      case "quickzoneadd_local":
        if (!isRepeated && named[0] !== undefined) zones.set(named[0], fields.get("zonedata") ?? "");
        return name === "savezone_local" ? "" : `Zone ${named[0]} has been successfully added\n`;
      case "addzoneconf_local":
      case "cleandns_local":
      case "reloadzones_local":
      case "reloadbind_local":
      case "reconfigbind_local":
      case "synckeys_local":
      case "revokekeys_local":
        return "OK\n";
      case "getips_local":
        return "192.0.2.20\n";
      case "getpath_local":
        return `${hostname} web1.example.org\n`;
      case "removezone_local":
      case "removezones_local":
        if (!isRepeated) for (const zone of named) zones.delete(zone);
        return named.map((zone) => `${zone} => deleted from ${hostname}. \n`).join("");
      default:
        return name === "showversion" ? version : name === "gethostname" ? hostname : "";
    }
  };

  const trust = (fields: ReadonlyMap<string, string>): string => {
    const [host, user, pass] = ["clustermaster", "user", "pass"].map((name) => fields.get(name) ?? "");
    if (!host || !user || !pass) return "Missing argument";
    trusted.set(host, { user, pass });
    return `The trust relationship has been established with ${host}.`;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? "/", "https://localhost");
    const body = await readBody(request);
    if (request.headers["content-encoding"]) return send(response, 415, "unsupported encoding");
    if (request.headers.authorization !== `whm ${username}:${token}`)
      return send(response, 403, '{"cpanelresult":{"error":"Access denied"}}');
    const sent = `${url.search.slice(1)}&${body}`;
    const fields = readFields(sent);
    requests.push({
      method: request.method ?? "",
      path: url.pathname,
      target: request.url ?? "",
      contentType: request.headers["content-type"],
      fields,
    });
    const [, surface, name = ""] = url.pathname.split("/");
    const answer = () =>
      surface === "json-api"
        ? JSON.stringify(api(name, !fields.has("api.version"), fields, commandsOf(sent)))
        : command(name, fields);
    const { fault } = emulator;
    if (fault && (fault.on ?? /^\/scripts2\//).test(url.pathname)) return faultAnswer(fault, answer, response);
    if (surface === "json-api") return send(response, 200, answer());
    if (surface === "cgi" && name === "trustclustermaster.cgi") return send(response, 200, trust(fields));
    if (surface !== "scripts2") return send(response, 404, "not found");
    if (name.endsWith("_local") && !acls.includes("clustering") && !acls.includes("all"))
      return send(response, 403, "Access denied");
    const isPacked = /^get(all)?zones_local$/.test(name) && /gzip/.test(String(request.headers["accept-encoding"]));
    if (!isPacked) return send(response, 200, answer());
    response.setHeader("content-encoding", "gzip");
    return send(response, 200, gzipSync(answer()));
  };

  const server = createServer(certificate, (request, response) => {
    handle(request, response).catch((error) => response.destroy(error));
  });
  server.on("secureConnection", () => connections++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(emulator, {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

/** Names that could leave the folder of the zone files are dropped. */
function isZoneName(zone: string): boolean {
  return !zone.startsWith(".") && !zone.includes("..");
}

function encodeZones(zones: readonly (readonly string[])[]): string {
  return zones
    .map(([zone = "", text = ""]) => `${ZONE}${encodeURIComponent(zone)}=${encodeURIComponent(text)}`)
    .join("&");
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return (request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString("latin1");
}

function readFields(text: string): Map<string, string> {
  const pairs = text.split("&").filter((pair) => pair !== "" && pair !== "=");
  return new Map(
    pairs.map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [decodeURIComponent(name), decodeURIComponent(value.join("="))];
    }),
  );
}

/** The calls of a batch: the one field that is repeated. */
function commandsOf(sent: string): string[] {
  return Array.from(sent.matchAll(/(?:^|&)command=([^&]*)/g), ([, command = ""]) => decodeURIComponent(command));
}

function send(response: ServerResponse, status: number, body: string | Buffer): void {
  response.statusCode = status;
  response.setHeader("content-length", Buffer.byteLength(body));
  response.end(body);
}
