import { Checkbox } from "@/components/ui/checkbox";

/** The tick box of the form that adds a server. @param obstacle why it cannot be ticked, and what root has to grant; null: it can */
export function TrustField({ obstacle }: { obstacle: string | null }) {
  if (obstacle !== null)
    return <Checkbox name="reverseTrust" label="Setup Reverse Trust Relationship" help={obstacle} disabled />;
  return (
    <Checkbox
      name="reverseTrust"
      label="Setup Reverse Trust Relationship"
      help="Lets the remote server call this one as well: makes an API token here that can do nothing but DNS clustering and works from the remote server's addresses only, and adds this server to the remote one's DNS cluster with the role Standalone. Not required for DNS-only servers, nor with the role Write-only."
    />
  );
}
