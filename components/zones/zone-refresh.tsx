import { LiveRefresh } from "@/components/live/live-refresh";

/** During a bulk many zones change all the time, and this one hardly ever: the least time between two looks, in ms. */
export const MANY_MS = 5_000;

interface ZoneRefreshProps {
  name: string;
  /** As of LiveRefresh, for what is told of this zone by its name. */
  calmMs?: number;
  everyMs?: number;
}

/** LiveRefresh for a page about one zone: many that change at once, or a nameserver that is silent, are not told zone by zone. */
export function ZoneRefresh({ name, calmMs, everyMs }: ZoneRefreshProps) {
  return (
    <>
      <LiveRefresh topics={[`zone:${name}`, "members"]} calmMs={calmMs} everyMs={everyMs} />
      <LiveRefresh topics={["many-zones"]} calmMs={MANY_MS} />
    </>
  );
}
