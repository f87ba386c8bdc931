/** The header in which one Zonefleet server tells another what is wrong with a call, where an HTTP status says too little. */
export const PROBLEM_HEADER = "x-zonefleet-problem";

/** Its value when the token is right and the address that it came from is none that the server trusts. */
export const ADDRESS_PROBLEM = "address-not-trusted";
