import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import type { NoticeHealth } from "@/lib/notifications/health";
import { MailProblem } from "./mail-problem";

function render(managesServer: boolean, health: Partial<NoticeHealth>) {
  const well = { obstacle: null, hasAddress: true, troubled: 0, reply: null };
  const html = renderToStaticMarkup(<MailProblem health={{ ...well, ...health }} managesServer={managesServer} />);
  return { html, links: [...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href).sort() };
}

it.each([true, false])("says nothing while people are reached (root: %s)", (managesServer) => {
  expect(render(managesServer, {}).html).toBe("");
});

it("leads root to the settings, and nobody else", () => {
  const root = render(true, { obstacle: "no-mail-server", hasAddress: false });
  expect(root.links).toEqual(["/notifications", "/settings"]);
  const reseller = render(false, { obstacle: "no-mail-server" });
  expect(reseller.html).toContain("No mail leaves this server");
  expect(reseller.html).toContain("until root sets a mail server");
  expect(reseller.links).toEqual(["/notifications"]);
});

it.each(["no-mail-server", "no-address"] as const)(
  "leads a reseller without an address to the account (%s)",
  (obstacle) => {
    expect(render(false, { obstacle, hasAddress: false }).links).toEqual(["/account", "/notifications"]);
  },
);

it("quotes what the other side said", () => {
  expect(render(true, { troubled: 2, reply: "451 4.7.1 Greylisted" }).html).toContain("451 4.7.1 Greylisted");
});
