/** Id of the form that the table's tick boxes belong to. */
export const BULK_ROLE_FORM = "bulk-role";
