import { ipv4 } from "./fields";
import { fixedFields } from "./fixed-fields";

export const a = fixedFields({
  type: "A",
  code: 1,
  help: "Gives a name its IPv4 address.",
  fields: [
    ipv4({
      name: "address",
      label: "IPv4 address",
      help: "Four numbers with dots between them.",
      placeholder: "192.0.2.1",
    }),
  ],
});
