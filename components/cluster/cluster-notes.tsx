import { CodeBlock } from "@/components/ui/code-block";

/** What a cluster needs, beside the place where one is put together. */
export function ClusterNotes() {
  return (
    <div className="flex max-w-prose flex-col gap-3">
      <ul className="list-disc space-y-1.5 pl-5">
        <li>A cluster has at least two servers, one of them a web server with zones of its own.</li>
        <li>
          Every member runs Zonefleet, or cPanel &amp; WHM or DNSOnly version 11 or higher, or is one of the hosted
          services SoftLayer and VPS.NET. Members that run PowerDNS have DNSSEC turned off: signatures do not travel
          through a cluster.
        </li>
        <li>
          Link each web server to its DNS servers. Nameservers need no link to each other, and web servers need none to
          each other.
        </li>
        <li>
          A server that you add gets every zone by itself, as its DNS role says: nothing is to be synchronized by hand.
        </li>
        <li>
          Do not let a nameserver synchronize to a web server: every zone of the cluster would then be made on the web
          server too.
        </li>
        <li>A DNS cluster makes DNS redundant, and nothing else: no mail, no web sites.</li>
      </ul>
      <div>
        <p className="mb-1">
          To see that a new server answers, ask it for a name of one of your zones. Write the name and the server&apos;s
          address in place of <code>example.com</code> and <code>ip</code>:
        </p>
        <CodeBlock label="command that checks a nameserver" code="dig +short example.com @ip" />
      </div>
    </div>
  );
}
