import { singleName } from "./single-name";

export const ptr = singleName({
  type: "PTR",
  code: 12,
  help: "Gives the host name of an address, in a reverse zone.",
  label: "Host name",
  fieldHelp: "The name that the address belongs to.",
  placeholder: "host.example.com.",
});
