import { BESIDE_STEPS } from "@/lib/fault-points";
import { describeKills } from "./testing/kill-suite";

describeKills(BESIDE_STEPS);
