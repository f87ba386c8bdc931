import { readFileSync } from "node:fs";
import path from "node:path";
import Database from "libsql";
import { expect } from "vitest";
import { requestResync } from "@/lib/cluster/resync";
import type { Fault, ServerName as Name } from "./fault";
import { type Fleet, nameserversBut } from "./fleet";
import { otherClock } from "./other-clock";
import { lacking, settle, until } from "./settled";
import { allMailsSent } from "./told";

/** What happens to a server itself, or to its nameserver, its database, its clock. */
function stopped(name: string, server: Name, pidOf: (fleet: Fleet) => number, more: Partial<Fault>): Fault {
  return {
    name,
    behind: [server],
    async begin(fleet) {
      const pid = pidOf(fleet);
      process.kill(pid, "SIGSTOP");
      return async () => process.kill(pid, "SIGCONT");
    },
    ...more,
  };
}

const panelOf = (server: Name) => (fleet: Fleet) => fleet.cluster[server].process.pid;
const dataDirOf = ({ cluster }: Fleet, server: Name) => cluster[server].process.dataDir;
const nameserverOf = (server: Name) => (fleet: Fleet) =>
  Number(readFileSync(path.join(dataDirOf(fleet, server), "nameserver", "knot.pid"), "utf8"));

/** Its nameserver is killed; the panel starts another one. */
function nameserverKilled(server: Name): Fault {
  return {
    name: `the nameserver of ${server} is killed`,
    behind: [server],
    silent: [server],
    async begin(fleet) {
      process.kill(nameserverOf(server)(fleet), "SIGKILL");
      return async () => undefined;
    },
  };
}

function killed(name: string, more: Partial<Fault>): Fault {
  return {
    name,
    at: "ns2",
    behind: ["ns2"],
    silent: ["ns2"],
    failure: "unreachable",
    async begin({ cluster }) {
      await cluster.ns2.process.kill();
      return () => cluster.ns2.process.start();
    },
    ...more,
  };
}

/** Somebody else writes into its database, and takes long. */
function locked(server: Name, more: Partial<Fault>): Fault {
  return {
    name: `the database of ${server} is locked`,
    behind: [server],
    // SQLite waits for five seconds, and then says that it is busy.
    lastsMs: 6_000,
    async begin(fleet) {
      const other = new Database(path.join(dataDirOf(fleet, server), "zonefleet.db"), { timeout: 10_000 });
      other.exec("BEGIN IMMEDIATE");
      return async () => {
        other.exec("ROLLBACK");
        other.close();
      };
    },
    ...more,
  };
}

const MINUTE = 60_000;

/** From one start to the next; a copy that is newer there comes here all the same. */
function clock(server: "web1" | "ns2", minutes: number): Fault {
  return {
    name: `the clock of ${server} is ten minutes ${minutes < 0 ? "slow" : "fast"}`,
    behind: [],
    silent: [server],
    async begin(fleet) {
      const { process: panel } = fleet.cluster[server];
      // The kills of a server that is about to note what it mailed are another suite.
      const restart = async (nodeFlags?: readonly string[]) => {
        await allMailsSent(fleet);
        await panel.kill();
        await panel.start(nodeFlags);
      };
      await restart([otherClock(`real + ${minutes * MINUTE}`)]);
      return () => restart();
    },
    async meanwhile(fleet, { zone }) {
      const label = await fleet.edit(zone, fleet.cluster.ns2);
      await requestResync(fleet.web1, fleet.web1.root, { memberId: fleet.memberIds.ns2 });
      await until("the newer copy is everywhere", () => lacking(nameserversBut(fleet, []), zone, label ?? ""));
    },
  };
}

/** A zone at a serial that is about to begin anew (RFC 1982). */
const wrap: Fault = {
  name: "a serial goes over its end",
  behind: [],
  async begin(fleet) {
    expect(await fleet.push(fleet.cluster.web1, WRAPPED, zoneText(0xffff_fffe))).toBe(true);
    fleet.accept(WRAPPED);
    await settle(fleet);
    return async () => undefined;
  },
  async meanwhile(fleet) {
    for (let times = 0; times < 4; times++) {
      const label = await fleet.edit(WRAPPED);
      await until("it is everywhere", () => lacking(nameserversBut(fleet, []), WRAPPED, label ?? ""));
    }
    const { serial } = await fleet.web1.db.client.zone.findFirstOrThrow({ where: { name: `${WRAPPED}.` } });
    expect(Number(serial)).toBeLessThan(0xffff_fffe);
  },
};

const WRAPPED = "wrapped.example";
const zoneText = (serial: number) =>
  `$TTL 300\n@ SOA ns1.example.net. hostmaster.example.net. ${serial} 3600 900 1209600 300\n@ NS ns1.example.net.\n`;

/** Somebody puts an old backup into place at the member, past everything that looks for newer copies. */
const backwards: Fault = {
  name: "the serial of a member's copy goes backwards",
  behind: [],
  async begin(fleet, zone) {
    expect(await fleet.push(fleet.cluster.ns2, zone, zoneText(1))).toBe(true);
    await requestResync(fleet.web1, fleet.web1.root, { memberId: fleet.memberIds.ns2 });
    return async () => undefined;
  },
};

/** The stored pin is of another key. */
function pinned(name: string, pin: string | null): Fault {
  return {
    name,
    at: "ns2",
    behind: ["ns2"],
    failure: "tls",
    async begin({ web1, memberIds: { ns2: id } }) {
      const { client } = web1.db;
      const { pin: right } = await client.member.findUniqueOrThrow({ where: { id } });
      await client.member.update({ where: { id }, data: { pin } });
      return () => client.member.update({ where: { id }, data: { pin: right } });
    },
  };
}

/** A large zone does not fit into what is left. */
const tooLarge = () =>
  `${zoneText(1)}${Array.from({ length: 60_000 }, (_, at) => `h${at} TXT "${"x".repeat(200)}"\n`).join("")}`;

function diskFull(server: "web1" | "ns2", more: Partial<Fault>): Fault {
  return {
    name: `the disk of ${server} is full`,
    behind: [server],
    async begin({ disks }) {
      disks[server]?.fill();
      return async () => disks[server]?.free();
    },
    async meanwhile(fleet) {
      expect(await fleet.push(fleet.cluster[server], "large.example", tooLarge())).toBe(false);
    },
    ...more,
  };
}

export const SERVER_FAULTS: readonly Fault[] = [
  killed("a member is killed", {}),
  killed("a member is dead until the threshold", { threshold: 2 }),
  stopped("a member is frozen", "ns2", panelOf("ns2"), { at: "ns2", failure: "timeout" }),
  stopped("web1 itself is frozen", "web1", panelOf("web1"), { isUneditable: true, lastsMs: 1_000 }),
  nameserverKilled("web1"),
  nameserverKilled("ns2"),
  stopped("the nameserver of web1 is frozen", "web1", nameserverOf("web1"), { silent: ["web1"] }),
  stopped("the nameserver of a member is frozen", "ns2", nameserverOf("ns2"), { silent: ["ns2"] }),
  locked("ns2", {}),
  locked("web1", { isUneditable: true }),
  clock("ns2", 10),
  clock("ns2", -10),
  clock("web1", 10),
  clock("web1", -10),
  wrap,
  backwards,
  {
    name: "a member shows another certificate until the threshold",
    behind: ["ns1"],
    failure: "tls",
    threshold: 2,
    async begin({ relay }) {
      return relay.changeCertificate();
    },
  },
  pinned("the stored pin is wrong", "A".repeat(43).concat("=")),
  pinned("nobody vouches for the certificate", null),
];

/** Only where a disk of that size could be had. */
export const DISK_FAULTS: readonly Fault[] = [diskFull("ns2", {}), diskFull("web1", { mayRefuseEdits: true })];
