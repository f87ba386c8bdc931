import { describe, expect, it } from "vitest";
import { asKnotUser, knotUser } from "@/lib/nameserver/knot-privileges";

const PASSWD = "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n";
const listen = (port: number) => [{ address: "127.0.0.1", port }];

describe("knotUser", () => {
  it("is ourselves, unless we are root", () => {
    expect(knotUser(1000, () => PASSWD)).toBeNull();
  });

  it.each([
    [`${PASSWD}knot:x:102:105::/:/bin/false\n`, { uid: 102, gid: 105 }],
    [PASSWD, { uid: 65_534, gid: 65_534 }],
    [`${PASSWD}knot:x:0:0::/:/bin/false\n`, { uid: 65_534, gid: 65_534 }],
  ])("is an unprivileged user of the machine when we are root", (passwd, user) => {
    expect(knotUser(0, () => passwd)).toEqual(user);
  });

  it("is never root", () => {
    expect(() => knotUser(0, () => "root:x:0:0::/root:/bin/sh\n")).toThrow("adduser");
  });
});

describe("asKnotUser", () => {
  const user = { uid: 102, gid: 105 };

  it("keeps one capability for a port below 1024 and none otherwise", () => {
    const command = (port: number) =>
      asKnotUser(["/knotd", "-C", "db"], { user, setpriv: "/setpriv", listen: listen(port) });
    expect(command(53)).toMatchObject({ file: "/setpriv", options: {} });
    expect(command(53).args).toContain("--ambient-caps=-all,+net_bind_service");
    expect(command(5353).args).toContain("--ambient-caps=-all");
    expect(command(5353).args.slice(-3)).toEqual(["/knotd", "-C", "db"]);
    expect(command(5353).args).toEqual(expect.arrayContaining(["--pdeathsig", "TERM", "--reuid=102", "--regid=105"]));
  });

  it("ties an ordinary user's Knot to us and changes nothing else", () => {
    const { args } = asKnotUser(["/knotd"], { user: null, setpriv: "/setpriv", listen: listen(53) });
    expect(args).toEqual(["--pdeathsig", "TERM", "--nnp", "/knotd"]);
  });

  it("leaves the change of user to Node without setpriv", () => {
    expect(asKnotUser(["/knotd"], { user, setpriv: null, listen: [] })).toEqual({
      file: "/knotd",
      args: [],
      options: user,
    });
  });
});
