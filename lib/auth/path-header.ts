/** The request header in which the server passes the path that was asked for to pages, so that sign-in can lead back to it. */
export const PATH_HEADER = "x-zonefleet-path";
