import { STRUCTURES, type Structure } from "@/lib/server/testing/start-cluster";
import { DEMO_FOLDER, type DemoServer, type DemoState } from "./state";

const COUNT = ["No", "One", "Two", "Three", "Four"];

/** What a person at a terminal is told. */
export function welcome({ structure, servers }: DemoState): string {
  const named = (name: DemoServer["name"]) => {
    const server = servers.find((candidate) => candidate.name === name);
    if (!server) throw new Error(`The demo has no ${name}.`);
    return server;
  };
  const [web1, ns1, ns2] = [named("web1"), named("ns1"), named("ns2")];
  const dig = (entry: DemoServer, question: string) => {
    const [address, port] = entry.dns.split("#");
    return `  dig @${address} -p ${port} ${question}`;
  };
  return `
${COUNT[servers.length]} servers are running, each with a nameserver of its own:

${servers.map(({ name, url }) => `  ${name.padEnd(5)} ${url}   ${whatItIs(structure, name)}`).join("\n")}

Sign in as ${web1.user} with the password ${web1.password}
The browser warns about the self-signed certificates: that is as it should be.

Change a record on web1, then ask all ${COUNT[servers.length]?.toLowerCase()}:

${dig(web1, "www.example.com A +short")}
${dig(ns1, "example.com SOA +short")}
${dig(ns2, "café.example MX +short +idnin")}

Data: ${DEMO_FOLDER}   Start afresh: npm run demo -- ${structure === "direct" ? "" : `--structure ${structure} `}--reset
`;
}

function whatItIs(structure: Structure, name: DemoServer["name"]): string {
  if (name === "web1") return "web server: zones are made here";
  const kind = name.startsWith("web") ? "web server" : "DNS-only";
  const from = Object.entries<readonly string[]>(STRUCTURES[structure]).find(([, members]) => members.includes(name));
  return `${kind}, a member of ${from?.[0]}'s DNS cluster`;
}
