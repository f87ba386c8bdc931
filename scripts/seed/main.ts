import { existsSync } from "node:fs";
import path from "node:path";
import { applicationFolder } from "@/lib/application-folder";
import { readEnv } from "@/lib/env";
import { openContext } from "@/lib/server/testing/open-context";
import { receiveZones } from "@/lib/zones/receive";
import { benchZones } from "../bench/zones";

const AT_ONCE = 1_000;

/** Adds generated zones of 20 records to a server that was set up. It may run meanwhile: it sees them within a second. */
async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 1_000);
  if (!Number.isInteger(count) || count < 1 || count > 1_000_000) {
    process.stderr.write("Say how many zones, from 1 to 1000000: npm run seed -- 1000\n");
    process.exit(2);
  }
  const settings = path.join(applicationFolder(), ".env");
  if (existsSync(settings)) process.loadEnvFile(settings);
  const { dataDir } = readEnv();
  const variables = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const ctx = await openContext(variables);
  for (let done = 0; done < count; done += AT_ONCE) {
    const items = benchZones(1 + done, Math.min(AT_ONCE, count - done)).map(({ name, text }) => ({ name, text }));
    await receiveZones(ctx, ctx.root, { items, mode: "newest", originMemberId: null });
    process.stderr.write(`\r${Math.min(done + AT_ONCE, count)} zones in ${dataDir}`);
  }
  process.stderr.write("\n");
  await ctx.close();
}

await main();
