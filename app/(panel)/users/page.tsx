import { Users } from "lucide-react";
import type { Metadata } from "next";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { SearchInput } from "@/components/ui/search-input";
import { currentActor } from "@/lib/auth/session";
import { runtime } from "@/lib/runtime";
import { userListQuery } from "@/lib/users/schemas";
import { listUsers } from "@/lib/users/service";
import { CreateUser } from "./create-user";
import { UserTable } from "./user-table";

export const metadata: Metadata = { title: "Users" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function UsersPage({ searchParams }: Props) {
  const actor = await currentActor("user.manage");
  const { create, ...rest } = await searchParams;
  const query = userListQuery.parse(rest);
  const { rows, total, page, pageSize } = await listUsers(runtime(), actor, query);
  const q = query.q.trim();
  return (
    <>
      <LiveRefresh topics={["audit"]} />
      <PageHeader
        title="Users"
        description="root manages everything. A reseller manages what is their own, as far as their privileges go, and sees nothing of others."
        actions={<CreateUser username={typeof create === "string" ? create : undefined} />}
      />
      <Card flush>
        <div className="border-line border-b p-2">
          <SearchInput label="Search users" placeholder="Name or e-mail address" />
        </div>
        {rows.length === 0 ? (
          <EmptyState icon={<Users />} title="No user matches">
            No name or e-mail address contains “{q}”.
          </EmptyState>
        ) : (
          <UserTable rows={rows} />
        )}
        <Pagination
          page={page}
          pageSize={pageSize}
          total={total}
          noun={total === 1 ? "user" : "users"}
          href={(number) => `/users?${new URLSearchParams({ ...(q ? { q } : {}), page: String(number) })}`}
        />
      </Card>
    </>
  );
}
