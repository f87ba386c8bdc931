import { duration, mailbox, name, uint32 } from "./fields";
import { fixedFields } from "./fixed-fields";

export const soa = fixedFields({
  type: "SOA",
  code: 6,
  help: "Says who is responsible for the zone, its serial number and its timers. Exactly one, at the zone's own name.",
  fields: [
    name({
      name: "mname",
      label: "Primary nameserver",
      help: "The server where the zone is edited.",
      placeholder: "ns1.example.com.",
    }),
    mailbox({
      name: "rname",
      label: "E-mail address",
      help: "Of the person responsible for the zone.",
      placeholder: "hostmaster@example.com",
    }),
    uint32({
      name: "serial",
      label: "Serial",
      help: "Number of this version of the zone; set on every change.",
      placeholder: "2030010100",
    }),
    duration({
      name: "refresh",
      label: "Refresh",
      help: "How often secondaries look for a new serial, in seconds.",
      placeholder: "3600",
    }),
    duration({
      name: "retry",
      label: "Retry",
      help: "How soon they try again after a failure, in seconds.",
      placeholder: "600",
    }),
    duration({
      name: "expire",
      label: "Expire",
      help: "After how long without contact they stop answering, in seconds.",
      placeholder: "1209600",
    }),
    duration({
      name: "minimum",
      label: "Negative caching TTL",
      help: "How long resolvers remember that a name does not exist, in seconds (RFC 2308).",
      placeholder: "300",
    }),
  ],
});
