import { singleName } from "./single-name";

export const ns = singleName({
  type: "NS",
  code: 2,
  help: "Names a nameserver of the zone, or of a part of it that is delegated elsewhere.",
  label: "Nameserver",
  fieldHelp: "A host name with an A or AAAA record, never an IP address or an alias (CNAME).",
  placeholder: "ns1.example.com.",
});
