import { name, uint16 } from "./fields";
import { fixedFields } from "./fixed-fields";

export const srv = fixedFields({
  type: "SRV",
  code: 33,
  help: "Names the server and port of a service (RFC 2782). The record's name starts with _service._protocol.",
  fields: [
    uint16({ name: "priority", label: "Priority", help: "Clients try the lowest number first.", placeholder: "10" }),
    uint16({
      name: "weight",
      label: "Weight",
      help: "Share among servers of the same priority; 0 for no sharing.",
      placeholder: "5",
    }),
    uint16({ name: "port", label: "Port", help: "Port that the service listens on.", placeholder: "5060" }),
    name({
      name: "target",
      label: "Target",
      help: "The server's host name, or “.” when the service is not offered.",
      placeholder: "sip.example.com.",
    }),
  ],
});
