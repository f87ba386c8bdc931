import { serviceBinding } from "./service-binding";

export const https = serviceBinding(
  "HTTPS",
  65,
  "Says how a web site is reached: protocols such as HTTP/3, address hints, or an alias that may stand at the zone's own name (RFC 9460).",
);
