import { publish } from "./bus";

/** More changed zones than these are not named one by one. */
const NAMED = 50;

/**
 * Tells open pages that something about zones changed: lists, and the pages of each zone. Where there are more than are named, zones' pages hear "many-zones".
 * @param names "many": nobody has listed them
 */
export function publishZones(names: readonly string[] | "many"): void {
  publish("zones");
  if (names === "many" || names.length > NAMED) publish("many-zones");
  if (names === "many") return;
  for (const name of names.slice(0, NAMED)) publish(`zone:${name}`);
}
