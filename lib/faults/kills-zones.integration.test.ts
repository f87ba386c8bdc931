import { ZONE_STEPS } from "@/lib/fault-points";
import { describeKills } from "./testing/kill-suite";

describeKills(ZONE_STEPS);
