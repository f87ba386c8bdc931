import { singleName } from "./single-name";

export const cname = singleName({
  type: "CNAME",
  code: 5,
  help: "Makes this name an alias of another one. No other record may stand beside it.",
  label: "Target",
  fieldHelp: "The name that this one is an alias of.",
  placeholder: "www.example.com.",
});
