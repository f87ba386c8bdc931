/** The request header in which pages and routes find the caller's numeric address. The server overwrites whatever a caller sends in it. */
export const CLIENT_HEADER = "x-zonefleet-client";

/**
 * The server's own as well: present when the peer of the connection says that it speaks for somebody else and is not named as a proxy. What
 * {@link CLIENT_HEADER} holds then is the peer's address; who called is not known.
 */
export const FORWARDED_HEADER = "x-zonefleet-forwarded";
