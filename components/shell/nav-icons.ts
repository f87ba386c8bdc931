import {
  Archive,
  Bell,
  Gauge,
  Globe,
  KeyRound,
  LayoutTemplate,
  type LucideIcon,
  Network,
  RefreshCw,
  ScrollText,
  Settings,
  ShieldCheck,
  Unlink,
  Users,
} from "lucide-react";

/** Icons by address: components cannot travel from the server to the client, addresses can. */
export const NAV_ICONS: Readonly<Record<string, LucideIcon>> = {
  "/": Gauge,
  "/zones": Globe,
  "/recycle-bin": Archive,
  "/templates": LayoutTemplate,
  "/cluster": Network,
  "/synchronize": RefreshCw,
  "/orphans": Unlink,
  "/notifications": Bell,
  "/tokens": KeyRound,
  "/trusted-ips": ShieldCheck,
  "/users": Users,
  "/audit": ScrollText,
  "/settings": Settings,
};
