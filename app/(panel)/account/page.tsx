import type { Metadata } from "next";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { currentActor } from "@/lib/auth/session";
import { ChangePassword } from "./change-password";
import { EndSessions } from "./end-sessions";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const { username, role } = await currentActor();
  return (
    <>
      <PageHeader title="Account" description={`${username}, ${role}`} />
      <div className="grid max-w-3xl gap-4">
        <Card title="Change password" description="You stay signed in here and are signed out everywhere else.">
          <ChangePassword username={username} />
        </Card>
        <Card title="Sessions" description="A session lasts 12 hours from sign-in.">
          <EndSessions />
        </Card>
      </div>
    </>
  );
}
