import type { Metadata } from "next";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Banner } from "@/components/ui/banner";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { currentActor } from "@/lib/auth/session";
import { runtime } from "@/lib/runtime";
import { getTrustedIps } from "@/lib/trusted-ips/service";
import { RefusedTable } from "./refused-table";
import { TrustedIpsForm } from "./trusted-ips-form";

export const metadata: Metadata = { title: "Configure Remote Service IPs" };

export default async function TrustedIpsPage() {
  const actor = await currentActor("settings.manage");
  const { isEnforced, manual, automatic, refused } = await getTrustedIps(runtime(), actor);
  const proxies = [...new Set(refused.filter(({ reason }) => reason === "proxy").map(({ address }) => address))];
  return (
    <>
      <LiveRefresh topics={["cluster"]} />
      <PageHeader
        title="Configure Remote Service IPs"
        description="Addresses from which cluster members may call this server, and which the nameservers of its domains may have."
      />
      <div className="flex flex-col gap-4">
        {!isEnforced && (
          <Banner tone="warn" title="Cluster members may call from every address.">
            This server was set up before the trusted IPs were checked. Look that every server which calls this one is
            listed below, or has an API token with addresses of its own; then turn the check on.
          </Banner>
        )}
        {proxies.length > 0 && (
          <Banner
            tone="warn"
            title={
              proxies.length === 1
                ? `A proxy at ${proxies[0]} is not named in ZONEFLEET_TRUSTED_PROXIES.`
                : `Proxies at ${proxies.join(", ")} are not named in ZONEFLEET_TRUSTED_PROXIES.`
            }
          >
            What it hands on looks like a call of this machine itself. So it is not known who calls, and calls of
            cluster members through it are refused. Name it in this server's environment, such as{" "}
            <code>ZONEFLEET_TRUSTED_PROXIES={proxies.join(",")}</code>, let it send X-Forwarded-For, and start the
            server again.
          </Banner>
        )}
        {refused.length > 0 && (
          <Card
            title="Refused calls"
            description="They came with a valid API token, from where it may not come from. Trust an address only if you know the server behind it."
            flush
          >
            <RefusedTable refused={refused} />
          </Card>
        )}
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <Card title="Remote service IPs" description="Kept by you, as WHM keeps them in /etc/ips.remotedns.">
            <TrustedIpsForm key={`${isEnforced} ${manual.join()}`} isEnforced={isEnforced} manual={manual.join("\n")} />
          </Card>
          <Card
            title="Trusted automatically"
            description="This server and the main address of every member, as WHM keeps them in /etc/ips.dnsmaster. Calls from this machine itself (loopback) are always taken."
            flush
          >
            <Table label="Automatic trusted IPs">
              <TableHead>
                <tr>
                  <HeadCell>IP address</HeadCell>
                  <HeadCell>Of</HeadCell>
                </tr>
              </TableHead>
              <TableBody>
                {automatic.map(({ address, of }) => (
                  <Row key={address}>
                    <RowHeader className="break-all font-mono text-xs">{address}</RowHeader>
                    <Cell className="break-all">{of}</Cell>
                  </Row>
                ))}
              </TableBody>
            </Table>
          </Card>
        </div>
      </div>
    </>
  );
}
