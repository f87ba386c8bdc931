import { DnsSyntaxError, quoteInput } from "../errors";
import type { Token } from "../tokenizer";
import { canonicalTokens } from "./fixed-fields";
import type { RdataType } from "./type";
import { WireReader, WireWriter } from "./wire";

/** RFC 1876 §2: the equator and the prime meridian are 2^31, in thousandths of an arc second. */
const ZERO_ANGLE = 2 ** 31;
/** Altitudes are centimetres above 100,000 m below the reference spheroid. */
const ZERO_ALTITUDE = 10_000_000;
/** Size 1 m, horizontal precision 10,000 m, vertical precision 10 m, in centimetres. */
const DEFAULT_SIZES = [100, 1_000_000, 1_000];

const help = "Says where a host stands on Earth (RFC 1876).";
const FORM = "Write it like 52 22 23.000 N 4 53 32.000 E -2.00m 1m 10000m 10m.";

function bad(text: string): DnsSyntaxError {
  return new DnsSyntaxError("rdata-value", `${quoteInput(text)} is not part of a location. ${FORM}`);
}

interface Location {
  readonly latitude: number;
  readonly longitude: number;
  readonly altitude: number;
  readonly sizes: readonly number[];
}

/** Reads `degrees [minutes [seconds]] hemisphere` from the front of `words`. @returns thousandths of an arc second. */
function takeAngle(words: string[], positive: string, negative: string, maxDegrees: number): number {
  let thousandths = 0;
  for (const [index, unit] of [3_600_000, 60_000, 1_000].entries()) {
    const word = words[0] ?? "";
    if (index > 0 && (word.toUpperCase() === positive || word.toUpperCase() === negative)) break;
    words.shift();
    if (!(index === 2 ? /^\d{1,2}(\.\d{1,3})?$/ : /^\d{1,3}$/).test(word)) throw bad(word);
    if (Number(word) > (index === 0 ? maxDegrees : 59.999)) throw bad(word);
    thousandths += Math.round(Number(word) * unit);
  }
  const hemisphere = (words.shift() ?? "").toUpperCase();
  if (hemisphere !== positive && hemisphere !== negative) throw bad(hemisphere);
  if (thousandths > maxDegrees * 3_600_000) throw bad(`${maxDegrees} degrees and more`);
  return ZERO_ANGLE + (hemisphere === positive ? thousandths : -thousandths);
}

/** @returns centimetres. */
function metres(word: string, min: number, max: number): number {
  if (!/^-?\d{1,8}(\.\d{1,2})?m?$/i.test(word)) throw bad(word);
  const centimetres = Math.round(Number.parseFloat(word) * 100);
  if (centimetres < min || centimetres > max) throw bad(word);
  return centimetres;
}

function parseLocation(tokens: readonly Token[]): Location {
  const words = tokens.map((token) => token.text);
  const latitude = takeAngle(words, "N", "S", 90);
  const longitude = takeAngle(words, "E", "W", 180);
  const [altitude, ...sizes] = words;
  if (altitude === undefined || sizes.length > 3)
    throw new DnsSyntaxError("rdata-fields", `LOC needs two angles and an altitude. ${FORM}`);
  return {
    latitude,
    longitude,
    altitude: metres(altitude, -ZERO_ALTITUDE, 4_284_967_295) + ZERO_ALTITUDE,
    sizes: DEFAULT_SIZES.map((size, index) => {
      const word = sizes[index];
      return word === undefined ? size : roundSize(metres(word, 0, 9_000_000_000));
    }),
  };
}

/** Sizes have one significant digit on the wire: four bits of it, four bits of the power of ten. */
function roundSize(centimetres: number): number {
  const power = sizePower(centimetres);
  return Math.floor(centimetres / 10 ** power) * 10 ** power;
}

function sizePower(centimetres: number): number {
  return centimetres === 0 ? 0 : String(centimetres).length - 1;
}

function formatAngle(value: number, positive: string, negative: string): string {
  const thousandths = Math.abs(value - ZERO_ANGLE);
  const degrees = Math.floor(thousandths / 3_600_000);
  const minutes = Math.floor(thousandths / 60_000) % 60;
  return `${degrees} ${minutes} ${((thousandths % 60_000) / 1000).toFixed(3)} ${value >= ZERO_ANGLE ? positive : negative}`;
}

const formatMetres = (centimetres: number): string => `${(centimetres / 100).toFixed(2)}m`;

function formatLocation({ latitude, longitude, altitude, sizes }: Location): string {
  const angles = `${formatAngle(latitude, "N", "S")} ${formatAngle(longitude, "E", "W")}`;
  return `${angles} ${[altitude - ZERO_ALTITUDE, ...sizes].map(formatMetres).join(" ")}`;
}

function read(from: WireReader): string {
  if (from.uint(1) !== 0)
    throw new DnsSyntaxError("rdata-wire", "The LOC data is of a version other than 0, which nobody has defined.");
  const sizes = Array.from({ length: 3 }, () => {
    const octet = from.uint(1);
    if (octet >> 4 > 9 || (octet & 15) > 9)
      throw new DnsSyntaxError("rdata-wire", "The LOC data holds a size that is not a number.");
    return (octet >> 4) * 10 ** (octet & 15);
  });
  const [latitude, longitude, altitude] = [from.uint(4), from.uint(4), from.uint(4)];
  from.finish();
  if (Math.abs(latitude - ZERO_ANGLE) > 90 * 3_600_000 || Math.abs(longitude - ZERO_ANGLE) > 180 * 3_600_000) {
    throw new DnsSyntaxError("rdata-wire", "The LOC data lies outside of the globe.");
  }
  // A size of 0 may come with any power of ten; one spelling is kept.
  return formatLocation({ latitude, longitude, altitude, sizes });
}

const size = (name: string, label: string, text: string, placeholder: string) =>
  ({ name, label, help: text, kind: "text", placeholder, optional: true }) as const;

export const loc: RdataType = {
  type: "LOC",
  code: 29,
  help,
  fields: [
    {
      name: "latitude",
      label: "Latitude",
      help: "Degrees, minutes, seconds, then N or S.",
      kind: "text",
      placeholder: "52 22 23.000 N",
    },
    {
      name: "longitude",
      label: "Longitude",
      help: "Degrees, minutes, seconds, then E or W.",
      kind: "text",
      placeholder: "4 53 32.000 E",
    },
    { name: "altitude", label: "Altitude", help: "Metres above sea level.", kind: "text", placeholder: "-2.00m" },
    size("size", "Size", "Diameter in metres.", "1.00m"),
    size("horizontal", "Horizontal precision", "In metres.", "10000.00m"),
    size("vertical", "Vertical precision", "In metres.", "10.00m"),
  ],
  parse: (tokens) => formatLocation(parseLocation(tokens)),
  toWire(rdata) {
    const { latitude, longitude, altitude, sizes } = parseLocation(canonicalTokens(rdata));
    const out = new WireWriter();
    out.uint(0, 1);
    for (const centimetres of sizes) {
      const power = sizePower(centimetres);
      out.uint((Math.floor(centimetres / 10 ** power) << 4) | power, 1);
    }
    for (const value of [latitude, longitude, altitude]) out.uint(value, 4);
    return out.done();
  },
  fromWire: (bytes) => read(new WireReader(bytes)),
  fromMessage: (message, offset, length) => read(new WireReader(message, offset, offset + length)),
  split(rdata) {
    const words = rdata.split(" ");
    const [altitude = "", sizeText = "", horizontal = "", vertical = ""] = words.slice(8);
    return {
      latitude: words.slice(0, 4).join(" "),
      longitude: words.slice(4, 8).join(" "),
      altitude,
      size: sizeText,
      horizontal,
      vertical,
    };
  },
  join(values) {
    const {
      latitude = "",
      longitude = "",
      altitude = "",
      size: sizeText = "",
      horizontal = "",
      vertical = "",
    } = values;
    if (latitude.trim() === "" || longitude.trim() === "") {
      throw new DnsSyntaxError("rdata-fields", `LOC needs a latitude and a longitude. ${FORM}`);
    }
    return [latitude, longitude, altitude || "0m", sizeText || "1m", horizontal || "10000m", vertical || "10m"]
      .map((word) => word.trim())
      .join(" ");
  },
};
