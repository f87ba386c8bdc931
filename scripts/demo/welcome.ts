import { DEMO_FOLDER, type DemoState } from "./state";

/** What a person at a terminal is told. */
export function welcome({ servers }: DemoState): string {
  const [web1, ns1, ns2] = servers;
  if (!web1 || !ns1 || !ns2) throw new Error("The demo has three servers.");
  const dig = (entry: typeof web1, question: string) => {
    const [address, port] = entry.dns.split("#");
    return `  dig @${address} -p ${port} ${question}`;
  };
  return `
Three servers are running, each with a nameserver of its own:

  web1  ${web1.url}   web server: zones are made here
  ns1   ${ns1.url}   DNS-only, a member of web1's DNS cluster
  ns2   ${ns2.url}   DNS-only, a member of web1's DNS cluster

Sign in as ${web1.user} with the password ${web1.password}
The browser warns about the self-signed certificates: that is as it should be.

Change a record on web1, then ask all three:

${dig(web1, "www.example.com A +short")}
${dig(ns1, "example.com SOA +short")}
${dig(ns2, "café.example MX +short +idnin")}

Data: ${DEMO_FOLDER}   Start afresh: npm run demo -- --reset
`;
}
