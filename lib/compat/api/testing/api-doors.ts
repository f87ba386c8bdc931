/**
 * Who may call what of the REST API with an API token, beside the token's own privileges: who may list or edit zones, or has `clustering`; of their own zones. Who may edit
 * zones may list them.
 */
export type ApiWho = "list" | "edit";

/** What a call is aimed at. */
export interface ApiAim {
  /** Without the final dot. */
  readonly zone: string;
  /** A change of it. */
  readonly change: number;
}

export interface ApiDoor {
  readonly who: ApiWho;
  /** What stands in the place of `*`, and behind the path. */
  readonly address: (aim: ApiAim) => string;
  /** Gets to the service behind it, and changes nothing in a zone that could be changed. */
  readonly body?: (aim: ApiAim) => unknown;
}

/** Every endpoint. One that is not in here fails. */
export const API_ENDPOINTS: Readonly<Record<string, ApiDoor>> = {
  "GET /api/v1/zones/*": { who: "list", address: ({ zone }) => `/api/v1/zones/${zone}` },
  "PATCH /api/v1/zones/*/rrsets": {
    who: "edit",
    address: ({ zone }) => `/api/v1/zones/${zone}/rrsets`,
    body: () => ({ edits: [{ op: "remove", name: "@", type: "TXT", records: ["never there"] }] }),
  },
  "GET /api/v1/changes": { who: "list", address: ({ zone }) => `/api/v1/changes?zone=${zone}` },
  "GET /api/v1/changes/*": { who: "list", address: ({ change }) => `/api/v1/changes/${change}?wait=all&timeout=0` },
};
