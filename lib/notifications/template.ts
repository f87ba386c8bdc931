import type { Message } from "./message";

/** Where a mail comes from and leads to. */
export interface Sender {
  /** This server's hostname. */
  readonly hostname: string;
  /** How browsers reach the panel, without a slash at the end. */
  readonly panelUrl: string;
}

/** A mail, but for its addresses. */
export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** One message, or several that happened at once, as one mail: text and HTML say the same. */
export function renderMail(messages: readonly Message[], sender: Sender): RenderedMail {
  const [only] = messages;
  const subject = messages.length === 1 && only ? only.subject : `${messages.length} notices`;
  return {
    subject: `[${sender.hostname}] ${subject}`,
    text: renderText(messages, sender),
    html: renderHtml(subject, messages, sender),
  };
}

const WHY = "You get this because you have an account there. What you are told of is chosen on its page Account.";

function renderText(messages: readonly Message[], { hostname, panelUrl }: Sender): string {
  const parts = messages.map(({ subject, paragraphs, facts, link }) =>
    [
      subject,
      "=".repeat(Math.min(subject.length, 72)),
      ...paragraphs.flatMap((paragraph) => ["", paragraph]),
      "",
      ...facts.map(([label, value]) => `${label}: ${value}`),
      ...(link ? ["", `${link.label}: ${panelUrl}${link.path}`] : []),
    ].join("\n"),
  );
  // "-- " is the mark that mail programs take a signature by (RFC 3676 §4.3).
  return `${parts.join("\n\n\n")}\n\n-- \nZonefleet on ${hostname}\n${WHY}\n`;
}

const TONES: Readonly<Record<Message["tone"], string>> = { bad: "#b42318", warn: "#9a6700", ok: "#1a7f37" };

/** Styles stand in the elements: mail programs drop the rest. No picture, nothing that is fetched. */
function renderHtml(title: string, messages: readonly Message[], { hostname, panelUrl }: Sender): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${escapeHtml(title)}</title></head>
<body style="margin:0;padding:16px;background:#f6f7f9;color:#1c2128;font:15px/1.5 system-ui,sans-serif">
${messages.map((message) => renderCard(message, panelUrl)).join("\n")}
<p style="max-width:600px;margin:16px auto 0;color:#57606a;font-size:13px">Zonefleet on ${escapeHtml(hostname)}. ${WHY}</p>
</body>
</html>
`;
}

function renderCard({ subject, tone, paragraphs, facts, link }: Message, panelUrl: string): string {
  const rows = facts.map(
    ([label, value]) =>
      `<tr><th scope="row" style="padding:4px 16px 4px 0;text-align:left;vertical-align:top;font-weight:600;white-space:nowrap">${escapeHtml(label)}</th><td style="padding:4px 0;overflow-wrap:anywhere">${escapeHtml(value)}</td></tr>`,
  );
  return `<div style="max-width:600px;margin:0 auto 16px;padding:16px 20px;background:#fff;border:1px solid #d0d7de;border-left:4px solid ${TONES[tone]}">
<h1 style="margin:0 0 8px;font-size:18px;line-height:1.3;overflow-wrap:anywhere">${escapeHtml(subject)}</h1>
${paragraphs.map((paragraph) => `<p style="margin:0 0 8px">${escapeHtml(paragraph)}</p>`).join("\n")}
<table style="border-collapse:collapse;margin:8px 0">${rows.join("")}</table>
${link ? `<p style="margin:12px 0 0"><a href="${escapeHtml(panelUrl + link.path)}" style="color:#0b5cad">${escapeHtml(link.label)}</a></p>` : ""}
</div>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
