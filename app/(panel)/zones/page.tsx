import { Plus, Replace } from "lucide-react";
import type { Metadata } from "next";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { SearchInput } from "@/components/ui/search-input";
import { Status } from "@/components/ui/status";
import { ContestFilter } from "@/components/zones/contest-filter";
import { KeyHints } from "@/components/zones/key-hints";
import { listAddress, sortLink } from "@/components/zones/list-address";
import { ServedFilter } from "@/components/zones/served-filter";
import { can } from "@/lib/access/authorize";
import { currentActor } from "@/lib/auth/session";
import { openConflicts } from "@/lib/conflicts/queries";
import { zonesNotEverywhere } from "@/lib/proof/queries-everywhere";
import { runtime } from "@/lib/runtime";
import { accountNames } from "@/lib/users/accounts";
import { listZones } from "@/lib/zones/queries";
import { countContested } from "@/lib/zones/queries-contest";
import { type ZoneListQuery, zoneListQuery } from "@/lib/zones/schemas";
import { NoZones } from "./no-zones";
import { ZoneTable } from "./zone-table";

export const metadata: Metadata = { title: "Zones" };

const KEYS = [
  ["/", "search"],
  ["J K", "move"],
  ["Enter", "open"],
  ["X", "select"],
  ["N", "add"],
] as const;

function filterOf({ writers, served }: ZoneListQuery) {
  if (writers === "two") return "two-writers";
  return served === "not-everywhere" ? "not-everywhere" : null;
}

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ZonesPage({ searchParams }: Props) {
  const actor = await currentActor();
  const query = zoneListQuery.parse(await searchParams);
  const [list, contested, conflicts, notEverywhere] = await Promise.all([
    listZones(runtime(), actor, query),
    countContested(runtime(), actor),
    openConflicts(runtime(), actor),
    zonesNotEverywhere(runtime(), actor),
  ]);
  const mayAdd = can(actor, "zone.create");
  return (
    <>
      <LiveRefresh topics={["zones"]} />
      <PageHeader
        title="Zones"
        actions={
          <>
            {can(actor, "zone.write") && (
              <Button asChild>
                <Link href="/zones/replace">
                  <Replace aria-hidden="true" /> Edit many zones
                </Link>
              </Button>
            )}
            {mayAdd && (
              <Button variant="primary" asChild>
                <Link href="/zones/add">
                  <Plus aria-hidden="true" /> Add a zone
                </Link>
              </Button>
            )}
          </>
        }
      />
      <Card flush>
        <div className="border-line border-b p-2">
          <SearchInput label="Search zones" placeholder="Name, or anything in a record" />
          <div className="flex flex-wrap gap-x-6">
            <ServedFilter count={notEverywhere} query={query} />
            <ContestFilter count={contested} query={query} />
            {conflicts.n > 0 && (
              <p className="mt-1.5 text-xs">
                <Link href="/conflicts" className="link">
                  <Status kind="warning">
                    {conflicts.n === 1 ? "1 conflict" : `${conflicts.n} conflicts`} of two copies
                  </Status>
                </Link>
              </p>
            )}
          </div>
        </div>
        {list.rows.length === 0 ? (
          <NoZones query={query.q.trim()} filter={filterOf(query)} mayAdd={mayAdd} />
        ) : (
          <ZoneTable
            rows={list.rows}
            search={query.q.trim()}
            showOwner={actor.role === "root"}
            mayDelete={can(actor, "zone.delete")}
            accounts={can(actor, "zone.assign") ? await accountNames(runtime(), actor) : null}
            sort={{
              name: sortLink("/zones", query, "name"),
              records: sortLink("/zones", query, "records"),
              serial: sortLink("/zones", query, "serial"),
              updated: sortLink("/zones", query, "updated"),
            }}
          />
        )}
        {list.rows.length > 0 && <KeyHints keys={KEYS} />}
        {list.isCapped && (
          <p className="border-line border-t px-3 py-2 text-muted text-xs">
            More zones match in their records than are counted here. Type more of what you look for.
          </p>
        )}
        <Pagination
          page={list.page}
          pageSize={list.pageSize}
          total={list.total}
          noun={list.total === 1 ? "zone" : "zones"}
          href={(page) => listAddress("/zones", query, { page })}
        />
      </Card>
    </>
  );
}
