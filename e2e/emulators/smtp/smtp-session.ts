import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ReceivedMail, SmtpEmulatorOptions, SmtpFaults } from "./smtp-emulator";

interface SessionOptions {
  readonly faults: SmtpFaults;
  readonly account: SmtpEmulatorOptions["account"];
  readonly isEncrypted: boolean;
  /** Takes the connection over into TLS; null: not offered. */
  readonly startTls: (() => TLSSocket) | null;
  readonly take: (mail: ReceivedMail) => void;
}

/** One client's conversation: a state for what the next line is, and a method for each command. */
export class SmtpSession {
  private buffer = "";
  private expects: "command" | "data" | "auth-username" | "auth-password" = "command";
  private username = "";
  private user: string | null = null;
  private from = "";
  private to: string[] = [];

  constructor(
    private socket: Socket,
    private readonly options: SessionOptions,
    private isEncrypted = options.isEncrypted,
  ) {}

  begin(): void {
    this.listen();
    const { isSilent, greeting } = this.options.faults;
    if (!isSilent) this.say(greeting ?? "220 mx.example.com ESMTP");
  }

  private listen(): void {
    // One byte one character: a mail is octets.
    this.socket.on("data", (chunk) => {
      this.buffer += chunk.toString("latin1");
      if (!this.options.faults.isSilent) this.read();
    });
  }

  private read(): void {
    while (this.buffer !== "") {
      if (this.expects === "data") {
        if (!this.readData()) return;
        continue;
      }
      const end = this.buffer.indexOf("\r\n");
      if (end < 0) return;
      const line = this.buffer.slice(0, end);
      this.buffer = this.buffer.slice(end + 2);
      this.say(this.expects === "command" ? this.command(line) : this.authLine(line));
    }
  }

  /** Sends a reply; "" is none. */
  private say(reply: string): void {
    if (reply !== "" && this.socket.writable) this.socket.write(`${reply}\r\n`);
  }

  private command(line: string): string {
    const [verb = "", ...rest] = line.split(" ");
    const argument = rest.join(" ");
    switch (verb.toUpperCase()) {
      case "EHLO":
        return this.extensions();
      case "STARTTLS":
        return this.upgrade();
      case "AUTH":
        return this.auth(argument);
      case "MAIL":
        return this.mailFrom(argument);
      case "RCPT":
        return this.recipient(argument);
      case "DATA":
        this.expects = "data";
        return "354 End data with <CR><LF>.<CR><LF>";
      case "QUIT":
        this.socket.end("221 2.0.0 Bye\r\n");
        return "";
      default:
        return "502 5.5.2 Error: command not recognized";
    }
  }

  private extensions(): string {
    const { startTls, account } = this.options;
    const words = ["mx.example.com", "8BITMIME"];
    if (startTls && !this.isEncrypted) words.push("STARTTLS");
    if (account) words.push("AUTH PLAIN LOGIN");
    return words.map((word, index) => `250${index === words.length - 1 ? " " : "-"}${word}`).join("\r\n");
  }

  private upgrade(): string {
    const { startTls, faults } = this.options;
    if (!startTls) return "502 5.5.1 Error: command not implemented";
    if (faults.startTls !== undefined && faults.startTls !== "garbage") return faults.startTls;
    this.say("220 2.0.0 Ready to start TLS");
    if (faults.startTls === "garbage") return "this is no TLS at all";
    this.socket.removeAllListeners("data");
    const socket = startTls();
    // A client that does not like the certificate leaves.
    socket.on("error", () => socket.destroy());
    this.socket = socket;
    this.buffer = "";
    this.isEncrypted = true;
    this.listen();
    return "";
  }

  private auth(argument: string): string {
    const [method = "", initial] = argument.split(" ");
    if (method.toUpperCase() === "PLAIN" && initial !== undefined) {
      const [, username = "", password = ""] = decode(initial).split("\0");
      return this.signIn(username, password, initial);
    }
    if (method.toUpperCase() !== "LOGIN") return "504 5.5.4 Unrecognized authentication type";
    this.expects = "auth-username";
    return `334 ${Buffer.from("Username:").toString("base64")}`;
  }

  private authLine(line: string): string {
    if (this.expects === "auth-username") {
      this.username = decode(line);
      this.expects = "auth-password";
      return `334 ${Buffer.from("Password:").toString("base64")}`;
    }
    this.expects = "command";
    return this.signIn(this.username, decode(line), line);
  }

  private signIn(username: string, password: string, said: string): string {
    const { account, faults } = this.options;
    if (account && account.username === username && account.password === password) {
      this.user = username;
      return "235 2.7.0 Authentication successful";
    }
    const echo = faults.echoesCredentials ? ` (${said}, ${password})` : "";
    return `535 5.7.8 Error: authentication failed${echo}`;
  }

  private mailFrom(argument: string): string {
    if (this.options.account && this.user === null) return "530 5.7.0 Authentication required";
    if (this.options.faults.sender !== undefined) return this.options.faults.sender;
    this.from = addressIn(argument);
    this.to = [];
    return "250 2.1.0 Ok";
  }

  private recipient(argument: string): string {
    const fault = this.options.faults.recipient;
    if (fault && fault.times > 0) {
      fault.times--;
      return fault.reply;
    }
    this.to.push(addressIn(argument));
    return "250 2.1.5 Ok";
  }

  /** @returns whether the mail is whole */
  private readData(): boolean {
    const { faults, take } = this.options;
    if ((faults.dropsInData ?? 0) > 0) {
      faults.dropsInData = (faults.dropsInData ?? 0) - 1;
      this.socket.destroy();
      this.buffer = "";
      return false;
    }
    const end = this.buffer.indexOf("\r\n.\r\n");
    if (end < 0) return false;
    const text = this.buffer.slice(0, end + 2).replace(/^\.\./gm, ".");
    this.buffer = this.buffer.slice(end + 5);
    this.expects = "command";
    const { from, to, isEncrypted, user } = this;
    take({ from, to, source: Buffer.from(text, "latin1"), isEncrypted, user });
    if (!faults.keepsQuietAfterMail) this.say("250 2.0.0 Ok: queued as 4F1A2B");
    return true;
  }
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}

function addressIn(argument: string): string {
  return /<([^>]*)>/.exec(argument)?.[1] ?? "";
}
