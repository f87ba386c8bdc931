import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { DnsAddress } from "@/lib/drivers/driver";
import { createControlSocket } from "@/lib/drivers/knot/control-socket";
import { createKnotDriver } from "@/lib/drivers/knot/driver";
import { zonePath } from "@/lib/drivers/knot/zone-path";
import { knotDirectory } from "@/lib/nameserver/knot-directory";
import { createKnotSupervisor } from "@/lib/nameserver/supervisor";
import { freePort } from "@/lib/server/testing/free-port";
import { whenServed } from "./served";
import { type BenchZone, benchZone } from "./zones";

/** What a nameserver and a network do without a panel: nothing can be faster than these. */
export interface Floors {
  /** Where that nameserver answers. */
  readonly address: DnsAddress;
  /** A zone file written and reloaded through Knot's control socket until it is answered; milliseconds, one a try. */
  edits(tries: number): Promise<number[]>;
  /** Zone files written and loaded until the last one is answered, milliseconds. */
  load(zones: readonly BenchZone[]): Promise<number>;
  /** One kept-alive HTTP POST of a zone's text to another thread, milliseconds, one a try. */
  pushes(tries: number): Promise<number[]>;
  /** All the texts in POSTs of 100, one after the other, milliseconds. */
  pushAll(zones: readonly BenchZone[]): Promise<number>;
  stop(): Promise<void>;
}

/** A Knot with nothing else around it, and an HTTP server that reads and answers. */
export async function startFloors(): Promise<Floors> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "zonefleet-floor-"));
  const address: DnsAddress = { address: "127.0.0.1", port: await freePort() };
  const knot = createKnotSupervisor({ dataDir, listen: [address] });
  await knot.start();
  const { controlSocket, zoneDir, logFile } = knotDirectory(dataDir);
  const driver = createKnotDriver({ controlSocket, zoneDir, addresses: [address], logFile });
  const control = createControlSocket({ path: controlSocket, timeoutMs: 30_000 });
  const sink = await startSink();

  const load = async (zones: readonly BenchZone[]) => {
    const { signal } = new AbortController();
    const work = zones.map(({ name, text, serial }, seq) => ({
      name,
      seq,
      desired: { text, serial, digest: "", updatedAt: 0 },
      previous: null,
    }));
    const started = performance.timeOrigin + performance.now();
    for (let at = 0; at < work.length; at += driver.capabilities.batchSize)
      await driver.apply(work.slice(at, at + driver.capabilities.batchSize), signal);
    return (await whenServed(address, zones, 120_000)) - started;
  };

  const edits = async (tries: number) => {
    const index = 999_999;
    await load([benchZone(index)]);
    const samples: number[] = [];
    for (let version = 1; version <= tries; version++) {
      const zone = benchZone(index, version);
      const started = performance.timeOrigin + performance.now();
      writeFileSync(path.join(zoneDir, zonePath(zone.name).file), zone.text);
      await control.session(undefined, (session) => session.command({ command: "zone-reload", zone: zone.name }));
      samples.push((await whenServed(address, [zone], 5_000)) - started);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return samples;
  };

  return {
    address,
    edits,
    load,
    pushes: (tries) => repeat(tries, () => sink.push(benchZone(1).text)),
    async pushAll(zones) {
      const started = performance.now();
      for (let at = 0; at < zones.length; at += 100)
        await sink.push(
          zones
            .slice(at, at + 100)
            .map(({ text }) => text)
            .join(""),
        );
      return performance.now() - started;
    },
    async stop() {
      await driver.close();
      await knot.stop();
      await sink.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function repeat(tries: number, work: () => Promise<void>): Promise<number[]> {
  const samples: number[] = [];
  for (let done = 0; done < tries; done++) {
    const started = performance.now();
    await work();
    samples.push(performance.now() - started);
  }
  return samples;
}

const SINK = `
  const { parentPort } = require("node:worker_threads");
  const server = require("node:http").createServer((request, response) => request.resume().on("end", () => response.end("ok")));
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address()));`;

async function startSink() {
  const worker = new Worker(SINK, { eval: true });
  const [{ port }] = (await once(worker, "message")) as [AddressInfo];
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  return {
    async push(body: string) {
      const request = http.request({ host: "127.0.0.1", port, method: "POST", agent });
      request.end(body);
      const [response] = (await once(request, "response")) as [http.IncomingMessage];
      response.resume();
      await once(response, "end");
    },
    async stop() {
      agent.destroy();
      await worker.terminate();
    },
  };
}
