import type { Structure } from "@/lib/server/testing/start-cluster";

export interface DemoFlags {
  readonly structure: Structure;
  readonly detach: boolean;
  readonly stop: boolean;
  readonly reset: boolean;
}

export type FlagsResult =
  | { readonly flags: DemoFlags; readonly problem?: undefined }
  | { readonly problem: string; readonly flags?: undefined };

export function demoFlags(args: readonly string[]): FlagsResult;
