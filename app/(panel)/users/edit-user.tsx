"use client";

import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import type { UserRow } from "@/lib/users/service";
import { editUser } from "./actions";
import { enteredReseller, ResellerFields } from "./reseller-fields";

interface EditUserProps {
  user: Pick<UserRow, "id" | "username" | "privileges" | "zoneLimit" | "memberLimit">;
  onClose: () => void;
}

/** The privileges and limits of a reseller. */
export function EditUser({ user, onClose }: EditUserProps) {
  const { run, pending, error } = useAction(editUser, {
    onError: ({ fields }) => fields !== undefined,
    onSuccess: () => {
      toast.success(`${user.username} was saved.`);
      onClose();
    },
  });
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent
        title={`Privileges and limits of ${user.username}`}
        description="They count at once, also for sessions and API tokens that are in use. A limit takes nothing away; at it nothing more can be added."
        footer={
          <>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" form="edit-user" variant="primary" pending={pending}>
              Save
            </Button>
          </>
        }
      >
        <form
          id="edit-user"
          noValidate
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            void run({ userId: user.id, ...enteredReseller(new FormData(event.currentTarget)) });
          }}
        >
          <ResellerFields {...user} errors={error?.fields ?? {}} />
        </form>
      </DialogContent>
    </Dialog>
  );
}
