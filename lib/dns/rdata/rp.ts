import { mailbox, name } from "./fields";
import { fixedFields } from "./fixed-fields";

export const rp = fixedFields({
  type: "RP",
  code: 17,
  help: "Names the person responsible for a host (RFC 1183).",
  fields: [
    mailbox({
      name: "mailbox",
      label: "E-mail address",
      help: "Of the person, or “.” for none.",
      placeholder: "admin@example.com",
    }),
    name({
      name: "text",
      label: "TXT name",
      help: "A name with a TXT record that says more, or “.” for none.",
      placeholder: "admin.example.com.",
    }),
  ],
});
