import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConformanceSubject, conformanceWork, describeDriverConformance } from "@/lib/drivers/conformance";
import { createKnotDriver } from "@/lib/drivers/knot/driver";
import { knotDirectory } from "@/lib/nameserver/knot-directory";
import { createKnotSupervisor } from "@/lib/nameserver/supervisor";
import { freePort } from "@/lib/server/testing/free-port";

async function setUp(): Promise<ConformanceSubject & { readonly dataDir: string }> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "zf-driver-"));
  const listen = [{ address: "127.0.0.1", port: await freePort() }];
  const supervisor = createKnotSupervisor({ dataDir, listen });
  await supervisor.start();
  const { controlSocket, zoneDir, logFile } = knotDirectory(dataDir);
  const driver = createKnotDriver({ controlSocket, zoneDir, logFile, addresses: listen });
  return {
    dataDir,
    driver,
    addresses: listen,
    refused: (apex) => [
      { owner: `both.${apex}`, ttl: 60, type: "CNAME", rdata: "www.example.net." },
      { owner: `both.${apex}`, ttl: 60, type: "A", rdata: "192.0.2.1" },
    ],
    async stop() {
      await supervisor.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

describeDriverConformance("Knot", setUp);

describe("Knot's driver", () => {
  const signal = new AbortController().signal;
  let subject: Awaited<ReturnType<typeof setUp>>;
  beforeAll(async () => {
    subject = await setUp();
  });
  afterAll(() => subject.stop());

  it("may be cancelled at any moment and goes on from there", async () => {
    const { driver } = subject;
    for (let round = 1; round <= 20; round++) {
      const work = Array.from({ length: 100 }, (_, i) => conformanceWork(`r${round}-${i}.example.`, round));
      const controller = new AbortController();
      const cancelled = driver.apply(work, controller.signal).catch((error: unknown) => error);
      setTimeout(() => controller.abort(), round * 2);
      const first = await cancelled;
      if (!Array.isArray(first)) expect(first).toMatchObject({ kind: "aborted" });
      const outcomes = await driver.apply(work, signal);
      expect(outcomes.filter(({ status }) => status !== "accepted")).toEqual([]);
      const names = work.map(({ name }) => name);
      const texts = await driver.fetch(names, signal);
      expect(texts.map(({ text }) => text)).toEqual(work.map(({ desired }) => desired?.text));
    }
  });

  it("says why Knot refuses a zone", async () => {
    const work = conformanceWork("why.example.", 1, subject.refused?.("why.example."));
    const [outcome] = await subject.driver.apply([work], signal);
    expect(outcome).toMatchObject({
      error: { message: expect.stringContaining("another record exists beside CNAME") },
    });
  });

  it("says that the disk is full, keeps serving, and goes on when there is room again", async (test) => {
    const { zoneDir } = knotDirectory(subject.dataDir);
    const work = (serial: number, records: number) =>
      conformanceWork(
        "full.example.",
        serial,
        Array.from({ length: records }, (_, index) => ({
          owner: `h${index}.full.example.`,
          ttl: 60,
          type: "A",
          rdata: "192.0.2.1",
        })),
      );
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k,mode=755", "tmpfs", zoneDir]);
    if (mounted.status !== 0) return test.skip("a small disk can be mounted by root only");
    try {
      expect(await subject.driver.apply([work(1, 10)], signal)).toMatchObject([{ status: "accepted" }]);
      await expect(subject.driver.apply([work(2, 5_000)], signal)).rejects.toMatchObject({
        kind: "unreachable",
        message: expect.stringMatching(/ENOSPC.*free space/),
      });
      expect(await subject.driver.fetch(["full.example."], signal)).toMatchObject([
        { text: work(1, 10).desired?.text },
      ]);
      spawnSync("mount", ["-o", "remount,size=4m", zoneDir]);
      expect(await subject.driver.apply([work(2, 5_000)], signal)).toMatchObject([{ status: "accepted" }]);
      expect(await subject.driver.fetch(["full.example."], signal)).toMatchObject([
        { text: work(2, 5_000).desired?.text },
      ]);
    } finally {
      await subject.driver.apply([{ name: "full.example.", seq: 3, desired: null, previous: null }], signal);
      spawnSync("umount", [zoneDir]);
    }
  });

  it("says that Knot is not running", async () => {
    await subject.stop();
    const work = [conformanceWork("late.example.", 1)];
    await expect(subject.driver.apply(work, signal)).rejects.toMatchObject({ kind: "unreachable" });
    await expect(subject.driver.status(signal)).rejects.toMatchObject({ kind: "unreachable" });
  });
});
