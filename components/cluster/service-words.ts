import type { Backend } from "@/lib/members/backends";

/** What the form of a hosted DNS service says. */
export interface ServiceWords {
  readonly title: string;
  readonly description: string;
  readonly username: string;
  readonly usernameHelp: string;
  readonly key: string;
  readonly keyHelp: string;
  /** Shown above the form: what is not known of the service. */
  readonly caution?: { readonly title: string; readonly text: string };
}

const WORDS: Readonly<Record<Exclude<Backend["value"], "whm">, ServiceWords>> = {
  softlayer: {
    title: "SoftLayer DNS Remote Configuration",
    description: "Sends zones to SoftLayer's DNS service (IBM Cloud Classic Infrastructure).",
    username: "SoftLayer API username",
    usernameHelp:
      "The user that the key belongs to, with the permission to manage DNS. An IBM Cloud key goes with the user apikey; to add several accounts, use an API username of each, as a member is told apart by it.",
    key: "SoftLayer API key",
    keyHelp: "Made in the service's own settings of that user.",
  },
  vpsnet: {
    title: "VPS.NET DNS Remote Configuration",
    description: "Sends zones to VPS.NET's DNS service.",
    username: "VPS.NET e-mail address",
    usernameHelp: "The address that you sign in to VPS.NET with.",
    key: "VPS.NET API key",
    keyHelp: "Shown in the profile of your VPS.NET account.",
    caution: {
      title: "Whether VPS.NET's DNS service still answers is not known to us.",
      text: "It is made after VPS.NET's own client of 2012, the last word on this API that we know of, and was never tried against the service itself. Test the connection, and look at VPS.NET's own pages after the first zone.",
    },
  },
};

/** @returns undefined for a backend that is a server */
export function serviceWords(backend: Backend["value"]): ServiceWords | undefined {
  return backend === "whm" ? undefined : WORDS[backend];
}
