import {
  isBasic,
  type ServiceAnswer,
  type ServiceRequest,
  type ServiceServer,
  startServiceServer,
} from "../service-server";
import { type Fields, SoftlayerException, SoftlayerZones } from "./softlayer-zones";
import { formatAnswer, formatFault, parseCall } from "./xml-rpc";

/**
 * A stateful emulator of SoftLayer's DNS service (IBM Cloud Classic) over HTTPS: REST v3.1 as our driver calls it, and XML-RPC v3 as Apache Libcloud and
 * SoftLayer's own older clients do, on the same zones.
 *
 * Modelled on SoftLayer's public API reference (SoftLayer_Account, SoftLayer_Dns_Domain, SoftLayer_Dns_Domain_ResourceRecord and its types), on Libcloud 3.4 and DNSControl, and
 * on reports about its rate limit. It was never compared with the real service: the words of exceptions that the reference does not quote are guesses, as is that a CNAME and
 * an identical record are refused. `getByDomainName` matches parts of names, as the reference warns.
 */
export interface SoftlayerEmulator extends ServiceServer {
  readonly account: SoftlayerZones;
  /** Another account with a user of its own. */
  addAccount(username: string, apiKey: string): SoftlayerZones;
}

export interface SoftlayerOptions {
  readonly username?: string;
  readonly apiKey?: string;
  /** The names and the MX record that older versions of the reference describe come with a new zone. */
  readonly makesDefaults?: boolean;
}

export async function startSoftlayerEmulator(options: SoftlayerOptions = {}): Promise<SoftlayerEmulator> {
  const { username = "SL100001", apiKey = "0123456789abcdef0123456789abcdef", makesDefaults = false } = options;
  const accounts = new Map<string, { readonly apiKey: string; readonly zones: SoftlayerZones }>();
  const addAccount = (user: string, key: string): SoftlayerZones => {
    const zones = new SoftlayerZones(makesDefaults);
    accounts.set(user, { apiKey: key, zones });
    return zones;
  };
  const account = addAccount(username, apiKey);

  const rest = (request: ServiceRequest): ServiceAnswer => {
    const known = [...accounts].find(([user, { apiKey: key }]) => isBasic(request.authorization, user, key));
    if (!known) return json(401, { error: "Invalid API token.", code: "SoftLayer_Exception_Public" });
    const url = new URL(request.url, "https://localhost");
    const [service = "", ...rest] = url.pathname
      .replace(/^\/rest\/v3\.1\//, "")
      .replace(/\.json$/, "")
      .split("/");
    const method = rest.at(-1) ?? "";
    const id = rest.length > 1 ? Number(rest[0]) : undefined;
    const sent = request.body === "" ? undefined : (JSON.parse(request.body) as { parameters?: unknown[] });
    try {
      const filter = JSON.parse(url.searchParams.get("objectFilter") ?? "{}") as Filter;
      return json(200, call(known[1].zones, { service, method, id, params: sent?.parameters ?? [], filter }));
    } catch (error) {
      if (!(error instanceof SoftlayerException)) throw error;
      const status = error.code === "SoftLayer_Exception_ObjectNotFound" ? 404 : 500;
      return json(status, { error: error.message, code: error.code });
    }
  };

  const xmlRpc = (request: ServiceRequest): ServiceAnswer => {
    const service = request.url.replace(/^\/xmlrpc\/v3\//, "");
    const { method, params } = parseCall(request.body);
    const { headers = {} } = (params[0] ?? {}) as { headers?: Record<string, Record<string, unknown>> };
    const { authenticate } = headers;
    const known = accounts.get(String(authenticate?.username));
    if (!known || authenticate?.apiKey !== known.apiKey)
      return xml(formatFault("SoftLayer_Account", "Invalid API token."));
    const id = headers[`${service}InitParameters`]?.id;
    try {
      const asked = {
        service,
        method,
        id: id === undefined ? undefined : Number(id),
        params: params.slice(1),
        filter: {},
      };
      return xml(formatAnswer(call(known.zones, asked)));
    } catch (error) {
      if (!(error instanceof SoftlayerException)) throw error;
      return xml(formatFault(error.code, error.message));
    }
  };

  const server = await startServiceServer((request) =>
    request.url.startsWith("/xmlrpc/") ? xmlRpc(request) : rest(request),
  );
  return Object.assign(server, { account, addAccount });
}

interface Filter {
  readonly domains?: { readonly name?: { readonly operation?: string } };
}

interface Call {
  readonly service: string;
  readonly method: string;
  readonly id: number | undefined;
  readonly params: readonly unknown[];
  readonly filter: Filter;
}

function call(account: SoftlayerZones, { service, method, id = 0, params, filter }: Call): unknown {
  const [first] = params;
  const template = (first ?? {}) as Fields;
  const isRecord = service.startsWith("SoftLayer_Dns_Domain_ResourceRecord");
  switch (`${isRecord ? "record" : service}.${method}`) {
    case "SoftLayer_Account.getDomains": {
      const wanted = filter.domains?.name?.operation;
      return [...account.zones.values()].filter(({ name }) => wanted === undefined || name === wanted);
    }
    case "SoftLayer_Dns_Domain.getByDomainName":
      return [...account.zones.values()].filter(({ name }) => name.includes(String(first)));
    case "SoftLayer_Dns_Domain.createObject":
      return account.createZone(template);
    case "SoftLayer_Dns_Domain.deleteObject":
      return account.deleteZone(id);
    case "SoftLayer_Dns_Domain.getObject":
      return account.zone(id);
    case "SoftLayer_Dns_Domain.getResourceRecords":
      return account.zone(id).resourceRecords;
    case "record.createObject":
      return account.createRecord(template);
    case "record.editObject":
      return account.editRecord(id, template);
    case "record.deleteObject":
      return account.deleteRecord(id);
    case "record.getObject":
      return account.record(id).record;
    default:
      throw new SoftlayerException(
        "SoftLayer_Exception",
        `Function ("${method}") is not a valid method for this service`,
      );
  }
}

const json = (status: number, body: unknown): ServiceAnswer => ({ status, body: JSON.stringify(body) });
const xml = (body: string): ServiceAnswer => ({ status: 200, body, type: "text/xml" });
