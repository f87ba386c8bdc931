/**
 * Headers for every answer. The Content-Security-Policy of pages carries a nonce and is set by the server (lib/auth/page-headers), and so is HSTS.
 */
const SECURITY_HEADERS = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
];

/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  // A Hestia master posts to /api/ and does not follow the redirect to /api.
  skipTrailingSlashRedirect: true,
  serverExternalPackages: [
    "@libsql/client",
    "libsql",
    "@node-rs/argon2",
    "nodemailer",
    "pg",
    "@prisma/client",
    "@prisma/adapter-libsql",
    "@prisma/adapter-pg",
  ],
  // next-auth takes its origin from the request's host instead of NEXTAUTH_URL: a panel is reached by several names and addresses.
  env: { AUTH_TRUST_HOST: "true" },
  // npm test checks types; building on a server that only wants to run it need not.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
  // Titles come with the page's first octets for everybody, not streamed behind them: a tab, a screen reader and a test find one at once.
  htmlLimitedBots: /.*/,
  // No page shows an image that would need it; the optimizer at /_next/image would work for strangers.
  images: { unoptimized: true },
  // Loading every page at start costs 45 MB for pages that may never be asked for.
  experimental: { preloadEntriesOnStart: false, serverActions: { bodySizeLimit: "64mb" } },
  headers: async () => [{ source: "/:path*", headers: SECURITY_HEADERS }],
};
