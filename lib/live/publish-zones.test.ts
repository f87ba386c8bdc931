import { expect, it } from "vitest";
import { type LiveTopic, subscribe } from "./bus";
import { publishZones } from "./publish-zones";

function published(names: readonly string[] | "many"): LiveTopic[] {
  const topics: LiveTopic[] = [];
  const end = subscribe((topic) => topics.push(topic));
  publishZones(names);
  end();
  return topics;
}
const zones = (count: number) => Array.from({ length: count }, (_, index) => `z${index}.example.`);

it("names few zones, and says so where some are left out", () => {
  expect(published(["a.example.", "b.example."])).toEqual(["zones", "zone:a.example.", "zone:b.example."]);
  expect(published(zones(50))).not.toContain("many-zones");
  expect(published(zones(51)).slice(0, 3)).toEqual(["zones", "many-zones", "zone:z0.example."]);
  expect(published(zones(51))).toHaveLength(52);
  expect(published("many")).toEqual(["zones", "many-zones"]);
});
