import { KeyRound } from "lucide-react";
import type { Metadata } from "next";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { currentActor } from "@/lib/auth/session";
import { runtime } from "@/lib/runtime";
import { grantableAcls } from "@/lib/tokens/held-acls";
import { listTokens } from "@/lib/tokens/service";
import { CreateToken } from "./create-token";
import { TokenTable } from "./token-table";

export const metadata: Metadata = { title: "Manage API Tokens" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function TokensPage({ searchParams }: Props) {
  const actor = await currentActor("token.manage");
  const tokens = await listTokens(runtime(), actor);
  const grantable = grantableAcls(actor);
  const { create } = await searchParams;
  return (
    <>
      <LiveRefresh topics={["tokens", "cluster"]} calmMs={1_000} />
      <PageHeader
        title="Manage API Tokens"
        description="Programs and members of a DNS cluster use a token in place of your password. It never does more than you may."
        actions={<CreateToken grantable={grantable} startsOpen={create !== undefined} />}
      />
      <Card flush>
        {tokens.length === 0 ? (
          <EmptyState icon={<KeyRound />} title="No API tokens yet">
            Create one for every program or server that acts for you, so that each can be revoked alone. A server that
            links to this one in its DNS Cluster needs a token with the privilege DNS Clustering.
          </EmptyState>
        ) : (
          <TokenTable tokens={tokens} grantable={grantable} />
        )}
      </Card>
    </>
  );
}
