import { DnsSyntaxError } from "../errors";
import { longText, uint16 } from "./fields";
import { fixedFields } from "./fixed-fields";

export const uri = fixedFields({
  type: "URI",
  code: 256,
  help: "Maps a service name to a URI (RFC 7553). The record's name starts with _service._protocol.",
  fields: [
    uint16({ name: "priority", label: "Priority", help: "Clients try the lowest number first.", placeholder: "10" }),
    uint16({ name: "weight", label: "Weight", help: "Share among URIs of the same priority.", placeholder: "1" }),
    longText({ name: "target", label: "URI", help: "The whole URI.", placeholder: "https://www.example.com/path" }),
  ],
  check: ([, , target]) => {
    if (target === '""')
      throw new DnsSyntaxError("rdata-value", "The URI is empty. Enter one, such as https://www.example.com/path.");
  },
});
