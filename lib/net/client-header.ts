/** The request header in which pages and routes find the caller's numeric address. The server overwrites whatever a caller sends in it. */
export const CLIENT_HEADER = "x-zonefleet-client";
