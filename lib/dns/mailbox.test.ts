import { describe, expect, it } from "vitest";
import { mailboxToName, nameToMailbox } from "./mailbox";

describe("mailboxes as names", () => {
  it.each([
    ["hostmaster@example.com", "hostmaster.example.com."],
    ["first.last@example.com", "first\\.last.example.com."],
    ["first.last@mail.example.com.", "first\\.last.mail.example.com."],
    ["a$b@example.com", "a\\$b.example.com."],
  ])("%s is %s", (address, name) => {
    expect(mailboxToName(address)).toBe(name);
    expect(nameToMailbox(name)).toBe(address.replace(/\.$/, ""));
  });

  it.each([".", "com.", "a\\000.example.com.", "a\\032b.example.com.", "a.b\\.c."])("%s is no address", (name) => {
    expect(nameToMailbox(name)).toBe(name);
  });
});
