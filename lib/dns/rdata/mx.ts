import { name, uint16 } from "./fields";
import { fixedFields } from "./fixed-fields";

export const mx = fixedFields({
  type: "MX",
  code: 15,
  help: "Names a server that takes mail for this name. “0 .” says that the name takes no mail (RFC 7505).",
  fields: [
    uint16({ name: "preference", label: "Priority", help: "Senders try the lowest number first.", placeholder: "10" }),
    name({
      name: "exchange",
      label: "Mail server",
      help: "A host name with an A or AAAA record, never an IP address or an alias (CNAME).",
      placeholder: "mail.example.com.",
    }),
  ],
});
