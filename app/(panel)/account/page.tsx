import type { Metadata } from "next";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { currentActor } from "@/lib/auth/session";
import { getSubscription } from "@/lib/notifications/subscription";
import { runtime } from "@/lib/runtime";
import { ChangePassword } from "./change-password";
import { EndSessions } from "./end-sessions";
import { SubscriptionForm } from "./subscription-form";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const actor = await currentActor();
  const { username, role } = actor;
  const subscription = await getSubscription(runtime(), actor);
  return (
    <>
      <PageHeader title="Account" description={`${username}, ${role}`} />
      <div className="grid max-w-3xl gap-4">
        <Card title="Change password" description="You stay signed in here and are signed out everywhere else.">
          <ChangePassword username={username} />
        </Card>
        <Card
          title="Notifications"
          description={
            role === "root"
              ? "What you are told of by mail."
              : "What you are told of by mail, about your own members and tokens."
          }
        >
          <SubscriptionForm {...subscription} />
        </Card>
        <Card title="Sessions" description="A session lasts 12 hours from sign-in.">
          <EndSessions />
        </Card>
      </div>
    </>
  );
}
