/** What functions and commands of DNSSEC answer: one sentence, so that it is changed in one place. */
export const DNSSEC_UNAVAILABLE = "This server does not sign zones with DNSSEC.";
