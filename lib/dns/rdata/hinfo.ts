import { text } from "./fields";
import { fixedFields } from "./fixed-fields";

export const hinfo = fixedFields({
  type: "HINFO",
  code: 13,
  help: "Names the hardware and operating system of a host; today mostly used to answer ANY queries (RFC 8482).",
  fields: [
    text({ name: "cpu", label: "CPU", help: "Kind of machine.", placeholder: "RFC8482", optional: true }),
    text({ name: "os", label: "Operating system", help: "Its name.", placeholder: "Linux", optional: true }),
  ],
});
