import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { selfSigned } from "@/e2e/emulators/self-signed";

/** How a `MemberServer` behaves; may be changed while it runs. */
export interface MemberServerBehaviour {
  /** What `version` answers; WHM's servers say 11.x. */
  version: string;
  hostname: string;
  token: string;
  /** WHM's ACL names that the token carries. */
  acls: string[];
  /** Set for a Zonefleet server. */
  serverId: string | null;
  /** "rubbish": a web site answers. "silent": it takes requests and never answers. */
  mode: "member" | "rubbish" | "silent";
}

/**
 * As much of a member's panel as adding one needs, on loopback with a self-signed certificate: `version`, `gethostname`, `myprivs`,
 * `zonefleet_info`, and that it holds no zones; each with the token checked as WHM does (403 for a wrong one).
 */
export interface MemberServer {
  readonly port: number;
  /** SHA-256 of its certificate's public key, base64. */
  pin(): string;
  readonly behaviour: MemberServerBehaviour;
  /** Paths that were asked for, with the Authorization header they came with. */
  readonly requests: { path: string; authorization: string | undefined }[];
  /** Takes a new key and certificate; open connections are closed. */
  replaceCertificate(): Promise<void>;
  close(): Promise<void>;
}

const certificate = () => selfSigned(["ns1.example.com"]);

export async function startMemberServer(overrides: Partial<MemberServerBehaviour> = {}): Promise<MemberServer> {
  const behaviour: MemberServerBehaviour = {
    version: "11.110.0.5",
    hostname: "ns1.example.com",
    token: "TOKEN0123456789",
    acls: ["clustering"],
    serverId: null,
    mode: "member",
    ...overrides,
  };
  const requests: MemberServer["requests"] = [];
  let current = await certificate();
  const server = createServer(current, (request, response) => {
    requests.push({ path: request.url ?? "", authorization: request.headers.authorization });
    answer(behaviour, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    pin: () => current.pin,
    behaviour,
    requests,
    async replaceCertificate() {
      current = await certificate();
      server.setSecureContext(current);
      server.closeAllConnections();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(behaviour: MemberServerBehaviour, request: IncomingMessage, response: ServerResponse): void {
  if (behaviour.mode === "silent") return;
  if (behaviour.mode === "rubbish") {
    response.end("<html><body>Welcome to our shop</body></html>");
    return;
  }
  if (request.headers.authorization !== `whm root:${behaviour.token}`) {
    response.writeHead(403).end("Access denied");
    return;
  }
  const call = /^\/(?:json-api|scripts2)\/([a-z_]+)/.exec(request.url ?? "")?.[1] ?? "";
  const reply = REPLIES[call]?.(behaviour);
  if (reply === undefined) response.end(JSON.stringify(envelope(null, `Unknown app ("${call}") requested`)));
  else if (typeof reply === "number") response.writeHead(reply).end("You do not have the privilege.");
  else response.end(typeof reply === "string" ? reply : JSON.stringify(reply));
}

function envelope(data: unknown, reason = "OK") {
  return { data, metadata: { command: "call", reason, result: data === null ? 0 : 1, version: 1 } };
}

const REPLIES: Record<string, (behaviour: MemberServerBehaviour) => object | string | number | undefined> = {
  version: ({ version, serverId }) => ({ version, ...(serverId === null ? {} : { zonefleet: 1 }) }),
  gethostname: ({ hostname }) => ({ hostname }),
  myprivs: ({ acls }) => envelope({ privileges: [Object.fromEntries(acls.map((acl) => [acl, 1]))] }),
  zonefleet_info: ({ serverId, hostname, acls }) =>
    serverId === null
      ? undefined
      : acls.includes("clustering")
        ? envelope({
            protocol: 1,
            version: "0.1.0",
            serverId,
            hostname,
            kind: "dns-only",
            dnsAddresses: [{ address: "127.0.0.1", port: 5353 }],
          })
        : 403,
  getzonelist_local: () => "",
  getzonedigests_local: () => ({ zones: [], next: null }),
  getzones_local: ({ acls }) => (acls.includes("clustering") ? "" : 403),
};
