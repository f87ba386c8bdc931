import PostalMime from "postal-mime";
import { afterEach, expect, it } from "vitest";
import { selfSigned } from "@/e2e/emulators/self-signed";
import { type SmtpEmulator, type SmtpEmulatorOptions, startSmtpEmulator } from "@/e2e/emulators/smtp/smtp-emulator";
import type { RenderedMail } from "../template";
import { type MailServer, sendMail } from "./smtp";

const MAIL: RenderedMail = {
  subject: "[ns1.example.com] Cluster member zürich.example was disabled",
  text: "First line\n.a line with a dot\nand the last\n",
  html: "<p>First line</p>\n",
};
const ENVELOPE = {
  from: "zonefleet@ns1.example.com",
  to: "operator@example.net",
  messageId: "<abc@ns1.example.com>",
  date: new Date(1_763_650_000_000),
};

let smtp: SmtpEmulator | undefined;
afterEach(async () => {
  await smtp?.close();
  smtp = undefined;
});

async function start(options: SmtpEmulatorOptions = {}): Promise<{ smtp: SmtpEmulator; server: MailServer }> {
  smtp = await startSmtpEmulator(options);
  const server: MailServer = {
    ...{ host: "localhost", port: smtp.port, security: "none", username: "", password: "" },
    ...{ authority: "", hostname: "ns1.example.com" },
  };
  return { smtp, server };
}

const send = (server: MailServer, signal = new AbortController().signal, mail = MAIL) =>
  sendMail(server, ENVELOPE, mail, signal);

it("hands over a mail of text and HTML that says what it is", async () => {
  const { smtp, server } = await start();
  expect(await send(server)).toEqual({
    outcome: "sent",
    reply: "localhost answered: 250 2.0.0 Ok: queued as 4F1A2B",
  });
  const [mail] = smtp.mails;
  expect(mail).toMatchObject({ from: ENVELOPE.from, to: [ENVELOPE.to], isEncrypted: false, user: null });
  const read = await PostalMime.parse(mail?.source ?? "");
  expect(read).toMatchObject({
    subject: MAIL.subject,
    from: { name: "Zonefleet", address: ENVELOPE.from },
    to: [{ address: ENVELOPE.to }],
    messageId: ENVELOPE.messageId,
    text: expect.stringContaining(MAIL.text),
    html: expect.stringContaining(MAIL.html),
    date: "2025-11-20T14:46:40.000Z",
  });
  expect(read.headers.find(({ key }) => key === "auto-submitted")?.value).toBe("auto-generated");
});

it.each(["starttls", "tls"] as const)("signs in over %s, where the certificate is vouched for", async (security) => {
  const certificate = await selfSigned(["localhost"]);
  const account = { username: "panel", password: "Correct-Horse-7" };
  const { smtp, server } = await start({ account, tls: { ...certificate, isImplicit: security === "tls" } });
  const result = await send({ ...server, ...account, security, authority: certificate.cert });
  expect(result).toMatchObject({ outcome: "sent" });
  expect(smtp.mails[0]).toMatchObject({ isEncrypted: true, user: "panel" });
});

it.each(["starttls", "tls"] as const)("gives nothing to a wrong certificate over %s", async (security) => {
  const [real, other] = await Promise.all([selfSigned(["localhost"]), selfSigned(["elsewhere.example"])]);
  const account = { username: "panel", password: "Correct-Horse-7" };
  for (const authority of ["", real.cert, other.cert]) {
    const { smtp, server } = await start({ account, tls: { ...other, isImplicit: security === "tls" } });
    const result = await send({ ...server, ...account, security, authority });
    expect(result).toMatchObject({ outcome: "later", isAboutChannel: true });
    expect(result.reply).toMatch(/certificate|altnames/);
    expect(smtp.mails).toEqual([]);
    await smtp.close();
  }
});

it("does not fall back to plain text", async () => {
  const { smtp, server } = await start();
  const result = await send({ ...server, security: "starttls", username: "panel", password: "Correct-Horse-7" });
  expect(result).toMatchObject({ outcome: "later", isAboutChannel: true });
  expect(result.reply).toContain("STARTTLS");
  expect(smtp.mails).toEqual([]);
});

it.each([
  ["454 4.7.0 TLS not available due to local problem", /TLS not available/],
  ["garbage", /port \d+,/],
] as const)("says what a failing STARTTLS said: %s", async (fault, words) => {
  const { smtp, server } = await start({ tls: await selfSigned(["localhost"]) });
  smtp.faults.startTls = fault;
  const result = await send({ ...server, security: "starttls" });
  expect(result).toMatchObject({ outcome: "later", isAboutChannel: true });
  expect(result.reply).toMatch(words);
  expect(smtp.mails).toEqual([]);
});

it.each([
  ["550 5.1.1 No such user", { outcome: "refused" }],
  ["451 4.7.1 Greylisted, try again", { outcome: "later", isAboutChannel: false }],
] as const)("tells %s from its opposite", async (reply, expected) => {
  const { smtp, server } = await start();
  smtp.faults.recipient = { reply, times: 1 };
  expect(await send(server)).toEqual({ ...expected, reply: `localhost answered to RCPT TO: ${reply}` });
  expect(await send(server)).toMatchObject({ outcome: "sent" });
});

it.each([
  ["553 5.7.1 Sender address rejected: not owned by user", {}],
  ["550 5.7.1 Sender not allowed", {}],
  ["530 5.7.0 Authentication required", { account: { username: "panel", password: "Correct-Horse-7" } }],
] as const)("takes what is answered to the sender for the channel's trouble: %s", async (reply, options) => {
  const { smtp, server } = await start(options);
  smtp.faults.sender = reply;
  expect(await send(server)).toEqual({
    ...{ outcome: "later", isAboutChannel: true },
    reply: `localhost answered to MAIL FROM: ${reply}`,
  });
});

it("tries again when the connection breaks in the middle of the mail", async () => {
  const { smtp, server } = await start();
  smtp.faults.dropsInData = 1;
  expect(await send(server)).toMatchObject({ outcome: "later" });
  expect(smtp.mails).toEqual([]);
  expect(await send(server)).toMatchObject({ outcome: "sent" });
});

it("does not repeat a password that the server repeats", async () => {
  const account = { username: "panel", password: "Correct-Horse-7" };
  const { smtp, server } = await start({ account });
  smtp.faults.echoesCredentials = true;
  const result = await send({ ...server, username: "panel", password: "Wrong-Battery-9" });
  expect(result).toMatchObject({ outcome: "later", isAboutChannel: true });
  expect(result.reply).toContain("535 5.7.8");
  expect(result.reply).not.toContain("Wrong-Battery-9");
  expect(result.reply).not.toContain(Buffer.from("\0panel\0Wrong-Battery-9").toString("base64"));
});

it("says in words that nobody is there, that the server turns it away, and that it leaves", async () => {
  const { smtp, server } = await start();
  smtp.faults.greeting = "554 5.3.2 No mail from you";
  expect((await send(server)).reply).toContain("554 5.3.2 No mail from you");
  await smtp.close();
  expect(await send(server)).toEqual({
    ...{ outcome: "later", isAboutChannel: true },
    reply: `localhost, port ${server.port}, refused the connection.`,
  });
});

it("gives up at once when the server stops", async () => {
  const { smtp, server } = await start();
  smtp.faults.isSilent = true;
  const stop = new AbortController();
  const sending = send(server, stop.signal);
  await expect.poll(() => smtp.connections()).toBe(1);
  stop.abort();
  expect(await sending).toMatchObject({ outcome: "later" });
});

it("keeps a hostile subject in one header", async () => {
  const { smtp, server } = await start();
  const subject = "[ns1] x\r\nBcc: everybody@example.org\r\n\r\n<script>";
  await send(server, undefined, { ...MAIL, subject });
  const read = await PostalMime.parse(smtp.mails[0]?.source ?? "");
  expect(read.bcc).toBeUndefined();
  expect(read.headers.map(({ key }) => key)).not.toContain("bcc");
  expect(read.text).toContain(MAIL.text);
});
