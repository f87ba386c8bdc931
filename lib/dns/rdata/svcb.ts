import { serviceBinding } from "./service-binding";

export const svcb = serviceBinding("SVCB", 64, "Says how a service is reached: hosts, ports and protocols (RFC 9460).");
