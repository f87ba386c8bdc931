import fc from "fast-check";
import { expect, it } from "vitest";
import { KNOWN_TYPES, soundZone } from "./testing/arbitraries";
import { corpus } from "./testing/corpus";
import { validateZone } from "./validate";
import { formatZone, formatZoneFile, parseCanonicalZone, parseZoneFile } from "./zone-file";

const APEX = "example.com.";
/** Ten seconds on an idle core; patience for a busy one. */
const timeout = 300_000;

/** Small limits, so that a lucky $GENERATE does not eat the time of a thousand other cases. */
const limits = { maxRecords: 200, maxGenerate: 100, maxBytes: 20_000 };

/** Pieces that zone files are made of; rows of them come close to the grammar, and miss it in every way. */
const piece = fc.oneof(
  {
    arbitrary: fc.constantFrom(" ", "\t", "\n", "\r\n", " ( ", " ) ", ";", '"', "\\", "@", "$", ".", "\\#", "=", ","),
    weight: 6,
  },
  {
    arbitrary: fc.constantFrom(
      "$ORIGIN ",
      "$TTL ",
      "$INCLUDE ",
      "$GENERATE ",
      "1-3",
      "#{1,2,x}".replace("#", "$"),
      "IN ",
      "CH ",
      "1h",
      "3600 ",
      "TYPE65280 ",
    ),
    weight: 3,
  },
  { arbitrary: fc.constantFrom(...KNOWN_TYPES).map((type) => `${type} `), weight: 3 },
  {
    arbitrary: fc.constantFrom(
      "a",
      "www.example.com.",
      "192.0.2.1",
      "2001:db8::1",
      "10 mail",
      '"text"',
      "\\# 4 c0000201",
      "alpn=h2",
      "\\255",
      "ü",
      "\\",
    ),
    weight: 4,
  },
  { arbitrary: fc.string({ unit: "binary", maxLength: 5 }), weight: 1 },
);
const line = fc.constantFrom(
  "a A 192.0.2.1\n",
  " TXT x\n",
  "$ORIGIN b\n",
  "c 5 MX 1 d\n",
  "e HTTPS 1 . alpn=h2\n",
  "$GENERATE 1-3 f$ A 192.0.2.$\n",
);
const soup = fc
  .array(fc.oneof({ arbitrary: piece, weight: 3 }, { arbitrary: line, weight: 1 }), { maxLength: 25 })
  .map((pieces) => pieces.join(""));

/** What must hold for any text at all: no exception, problems that name their line, and a zone that leads to itself by every way. */
function check(text: string): void {
  const { zone, problems, lines } = parseZoneFile(text, { origin: APEX, limits });
  if (problems.length > 150) throw new Error("too many problems");
  for (const { line, message, code } of problems) {
    if (!line || line < 1 || message === "" || code === "") throw new Error(`a problem without its line: ${message}`);
  }
  if ((zone === null) !== problems.some(({ severity }) => severity === "error"))
    throw new Error("a zone beside an error, or neither");
  if (!zone) return;
  validateZone(zone, lines);
  const canonical = formatZone(zone);
  if (formatZone(parseCanonicalZone(canonical, APEX)) !== canonical)
    throw new Error("the canonical text does not lead to itself");
  for (const again of [canonical, formatZoneFile(zone)]) {
    const second = parseZoneFile(again, { origin: APEX }).zone;
    if (!second || formatZone(second) !== canonical) throw new Error(`read again, it is another zone:\n${again}`);
  }
}

it("takes 60,000 rows of zone file pieces", { timeout }, () => {
  let zones = 0;
  fc.assert(
    fc.property(soup, (text) => {
      check(`$TTL 60\n${text}`);
      if (parseZoneFile(`$TTL 60\n${text}`, { origin: APEX, limits }).zone) zones++;
    }),
    { numRuns: 60_000 },
  );
  // Otherwise the pieces would test the refusals only.
  expect(zones).toBeGreaterThan(500);
});

it("takes 40,000 zone files with damage", { timeout }, () => {
  const texts = [
    ...corpus.map(({ text }) => text),
    ...fc.sample(soundZone(APEX, 10), { numRuns: 30, seed: 7 }).map(formatZoneFile),
  ];
  const damage = fc.record({ at: fc.nat(), remove: fc.integer({ min: 0, max: 12 }), insert: piece });
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(damage, { minLength: 1, maxLength: 3 }), (text, damages) => {
      let damaged = text;
      for (const { at, remove, insert } of damages) {
        const cut = at % (damaged.length + 1);
        damaged = damaged.slice(0, cut) + insert + damaged.slice(cut + remove);
      }
      check(damaged);
    }),
    { numRuns: 40_000 },
  );
});

it("takes 20,000 texts of anything", { timeout }, () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), check), { numRuns: 20_000 });
});
