import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const css = readFileSync(path.resolve("app/globals.css"), "utf8");

/** Relative luminance (WCAG 2.2) of an OKLCH colour, by Ottosson's matrices; what lies outside of sRGB is clipped as browsers do. */
function luminance(lightness: number, chroma: number, hue: number): number {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

type Theme = "light" | "dark";

function token(name: string, theme: Theme): number {
  const line = new RegExp(`--${name}: light-dark\\(oklch\\(([^)]+)\\), oklch\\(([^)]+)\\)\\)`).exec(css);
  const [lightness, chroma, hue] = (line?.[theme === "light" ? 1 : 2] ?? "").split(" ").map(Number);
  if (lightness === undefined || chroma === undefined || hue === undefined)
    throw new Error(`There is no token ${name}.`);
  return luminance(lightness, chroma, hue);
}

function contrast(one: string, other: string, theme: Theme): number {
  const [dark = 0, light = 0] = [token(one, theme), token(other, theme)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ["canvas", "surface", "raised", "sunken"];
const TEXTS = ["ink", "muted", "accent", "ok", "warn", "bad"];

describe.each<Theme>(["light", "dark"])("in the %s theme", (theme) => {
  it.each(TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground])))(
    "%s on %s can be read (AA)",
    (text, ground) => {
      expect(contrast(text, ground, theme)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each([
    ["on-accent", "accent"],
    ["on-bad", "bad"],
    ["ink", "accent-soft"],
    ["muted", "accent-soft"],
    ...["accent", "ok", "warn", "bad"].flatMap((tone) => [tone, "ink"].map((text) => [text, `${tone}-soft`])),
  ] as [string, string][])("%s on %s can be read (AA)", (text, ground) => {
    expect(contrast(text, ground, theme)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(GROUNDS)("the edge of a control stands out on %s (3:1)", (ground) => {
    expect(contrast("line-strong", ground, theme)).toBeGreaterThanOrEqual(3);
  });
});
