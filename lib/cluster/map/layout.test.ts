import { describe, expect, it } from "vitest";
import type { ClusterMap, MapServer } from "./cluster-map";
import { BOX, layoutMap } from "./layout";

const server = (key: string, hops: number | null, hopsBack: number | null = null): MapServer => ({
  ...{ key, name: key, kind: "unknown", ageMs: 0, panel: null },
  hops,
  hopsBack,
});

const link = (from: string, to: string) => ({ from, to, role: "sync" as const, trust: null, acceptedMs: null });

function map(servers: MapServer[], links: ReturnType<typeof link>[] = []): ClusterMap {
  return { self: servers[0]?.key ?? "", servers, links };
}

describe("layoutMap", () => {
  it("puts where zones come from at the left, and where they go to the right", () => {
    const { columns, boxes } = layoutMap(
      map([server("ns1", 0, 0), server("ns2", 1), server("ns3", 2), server("web1", null, 1), server("other", null)]),
    );
    expect(columns.map(({ label }) => label)).toEqual(["Sends here", "This server", "1 hop", "2 hops", "Not sent to"]);
    expect(boxes.map((box) => box.server.key)).toEqual(["web1", "ns1", "ns2", "ns3", "other"]);
    expect(boxes.every((box, index) => index === 0 || box.x > (boxes[index - 1]?.x ?? 0))).toBe(true);
  });

  it("puts servers beside those they are linked with", () => {
    const { boxes } = layoutMap(
      map(
        [server("web", 0), server("a", 1), server("b", 1), server("x", 2), server("y", 2)],
        [link("web", "a"), link("web", "b"), link("a", "y"), link("b", "x")],
      ),
    );
    expect(boxes.map((box) => box.server.key)).toEqual(["web", "a", "b", "y", "x"]);
  });

  it("places 60 servers without one over another, all inside of the picture", () => {
    const many = Array.from({ length: 60 }, (_, index) => server(`ns${index}`, index === 0 ? 0 : 1));
    const { boxes, width, height } = layoutMap(
      map(
        many,
        many.slice(1).map(({ key }) => link("ns0", key)),
      ),
    );
    expect(new Set(boxes.map(({ x, y }) => `${x} ${y}`)).size).toBe(60);
    expect(boxes.map((box) => box.server.key).slice(0, 4)).toEqual(["ns0", "ns1", "ns2", "ns3"]);
    expect(Math.max(...boxes.map(({ x }) => x)) + BOX.width).toBeLessThanOrEqual(width);
    expect(Math.max(...boxes.map(({ y }) => y)) + BOX.height).toBeLessThanOrEqual(height);
  });

  it("draws two links between the same servers beside each other, and one inside of a column", () => {
    const { lines } = layoutMap(
      map([server("a", 0), server("b", 1), server("c", 1)], [link("a", "b"), link("b", "a"), link("b", "c")]),
    );
    expect(new Set(lines.map(({ d }) => d)).size).toBe(3);
  });

  it("draws nothing where there is nothing", () => {
    expect(layoutMap(map([])).boxes).toEqual([]);
  });
});
