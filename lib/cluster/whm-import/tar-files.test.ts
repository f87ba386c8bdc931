import { describe, expect, it } from "vitest";
import { type TarEntry, tarArchive } from "../testing/tar-archive";
import { readTarFiles } from "./tar-files";

const all = (path: string) => path;
const read = (...entries: TarEntry[]) => Object.fromEntries(readTarFiles(tarArchive(entries), all));

describe("readTarFiles", () => {
  it("reads files, passes folders and what is not wanted, and takes the later of two", () => {
    expect(
      read(
        { path: "etc/", type: "5" },
        { path: "etc/a", text: "old" },
        { path: "/etc/b", text: "x".repeat(513) },
        { path: "etc/a", text: "new" },
      ),
    ).toEqual({ "etc/a": "new", "/etc/b": "x".repeat(513) });
    expect(readTarFiles(tarArchive([{ path: "a", text: "1" }]), () => undefined).size).toBe(0);
  });

  it("takes long names of GNU and of pax", () => {
    const long = `cluster/${"x".repeat(200)}/config/a`;
    const record = (length: number) => `${length} path=${long}\n`;
    const pax = record(record(999).length);
    expect(
      read({ path: "././@LongLink", type: "L", text: `${long}\0` }, { path: long.slice(0, 100), text: "1" }),
    ).toEqual({
      [long]: "1",
    });
    expect(
      read({ path: "PaxHeader", type: "x", text: pax }, { path: "short", text: "2" }, { path: "b", text: "3" }),
    ).toEqual({
      [long]: "2",
      b: "3",
    });
  });

  it.each<[string, TarEntry[], RegExp]>([
    ["a path that climbs", [{ path: "../etc/passwd" }], /leads out of the archive/],
    ["one in the middle", [{ path: "a/../../etc/passwd" }], /leads out/],
    ["one in a long name", [{ path: "L", type: "L", text: "x/../../y" }, { path: "x" }], /leads out/],
    ["a backslash", [{ path: "..\\x" }], /leads out/],
    ["a symbolic link", [{ path: "cluster/root/config/a", type: "2" }], /is a link or a special file/],
    ["a hard link", [{ path: "a", type: "1" }], /is a link/],
    ["a device", [{ path: "a", type: "3" }], /special file/],
    ["a sparse file", [{ path: "a", type: "S" }], /special file/],
    ["a sparse file of pax", [{ path: "x", type: "x", text: "26 GNU.sparse.name=/a/b/cd\n" }], /sparse/],
    ["a damaged header", [{ path: "x", type: "x", text: "9999 path=a\n" }], /damaged/],
    ["a large file", [{ path: "a", text: "x".repeat(70_000) }], /larger than such a file is/],
  ])("refuses %s", (_, entries, words) => {
    expect(() => read(...entries)).toThrow(words);
  });

  it.each<[string, (archive: Buffer) => Buffer, RegExp]>([
    ["nothing", () => Buffer.alloc(0), /It is empty/],
    ["rubbish", () => Buffer.alloc(2_048, 0x41), /no tar archive/],
    ["half an archive", (archive) => archive.subarray(0, 700), /ends in the middle/],
    ["one without its end", (archive) => archive.subarray(0, -1_024), /end is missing/],
    ["a changed octet", (archive) => Buffer.concat([Buffer.from("z"), archive.subarray(1)]), /damaged/],
  ])("refuses %s", (_, damage, words) => {
    expect(() => readTarFiles(damage(tarArchive([{ path: "a", text: "x".repeat(600) }])), all)).toThrow(words);
  });
});
