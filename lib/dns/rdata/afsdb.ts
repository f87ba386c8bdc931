import { name, uint16 } from "./fields";
import { fixedFields } from "./fixed-fields";

export const afsdb = fixedFields({
  type: "AFSDB",
  code: 18,
  help: "Names an AFS or DCE cell database server (RFC 1183).",
  fields: [
    uint16({ name: "subtype", label: "Subtype", help: "1 for AFS, 2 for DCE.", placeholder: "1" }),
    name({ name: "hostname", label: "Server", help: "Host name of the server.", placeholder: "afs.example.com." }),
  ],
});
