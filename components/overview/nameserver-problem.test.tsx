import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import type { NameserverStatus } from "@/lib/nameserver/status";
import { NameserverProblem } from "./nameserver-problem";

function render(state: NameserverStatus["state"], reason: string | null = null): string {
  const rest = { since: 0, software: "Knot DNS", version: null, pid: null, restarts: 0, listen: [] } as const;
  return renderToStaticMarkup(<NameserverProblem status={{ state, reason, ...rest }} />);
}

it.each(["running", "starting"] as const)("says nothing while the nameserver is %s", (state) => {
  expect(render(state)).toBe("");
});

it("says what is missing and the line that installs it", () => {
  const html = render("missing", "knotd was not found.");
  expect(html).toContain("knotd was not found.");
  expect(html).toContain("sudo apt-get install -y --no-install-recommends knot knot-dnsutils");
});

it.each(["port-in-use", "backing-off", "stopped"] as const)(
  "gives the reason when it is %s, and nothing to install",
  (state) => {
    const html = render(state, "127.0.0.1@53 is taken.");
    expect(html).toContain("127.0.0.1@53 is taken.");
    expect(html).not.toContain("apt-get");
  },
);
